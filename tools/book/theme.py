"""Where the theme's pages fall short for those who listen to them: a Sphinx extension."""


def setup(app) -> dict:
    app.connect("html-page-context", _levels, priority=900)  # after the theme
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _levels(app, page, template, context, tree) -> None:
    """Headings in the list of pages get the level that their role asks for."""
    navigation = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = navigation.replace(
        'role="heading"', 'role="heading" aria-level="2"'
    )
