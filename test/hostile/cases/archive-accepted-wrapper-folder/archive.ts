// Not hostile, and must get full marks: Zipped from outside its folder
import { honest, wrapped } from "../../zips.ts";

export const hostile = () => wrapped("hw5/");

export const twin = () => honest;
