/// <reference types="vite/client" />
import "./styles.css";
