"""Sphinx's settings. `python -m tools.book` gives it the pages, the title and the static files."""

extensions = ["myst_nb", "tools.book.katex", "tools.book.theme"]
exclude_patterns = ["notebooks", "katex"]

# The notebooks hold their outputs, so that nothing runs here.
nb_execution_mode = "off"
nb_ipywidgets_js = {}

myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 4
# A dollar beside a digit or inside a word is a formula here: $2$×$2$.
myst_dmath_allow_digits = True
myst_links_external_new_tab = False

html_math_renderer = "katex"
html_theme = "furo"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#005b8f", "color-brand-content": "#005b8f"},
    "dark_css_variables": {"color-brand-primary": "#7cc4f0", "color-brand-content": "#7cc4f0"},
}
html_favicon = "icon.svg"
html_css_files = ["katex/katex.css", "book.css"]
html_js_files = ["book.js"]
html_copy_source = False
html_show_copyright = False
html_show_sourcelink = False
html_permalinks_icon = "#"
html_domain_indices = False
smartquotes = False  # as in the notebooks
toc_object_entries = False
