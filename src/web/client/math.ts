// For pages with formulas: KaTeX's style sheet and fonts, and nothing that runs.
import "katex/dist/katex.min.css";
