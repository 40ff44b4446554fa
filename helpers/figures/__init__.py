"""One function a figure, all reached as `figures.NAME`; importing this sets the course's style."""

from .activations import curve_and_slope, hinges, learning_step
from .answers import confusion, samples
from .borders import border_profile, by_distance, padded_rows, use_counts
from .budgets import budgets, inventory, shares_by_layer
from .channels import channel_sum, layer_stacks, stamps
from .cones import cones, path_counts, path_maps
from .course import course_map
from .curves import curves, dot_plot, label_ends
from .dense import add_and_concat, channels_along, reading_maps
from .dropout import many_answers, mask_strips, thinned_network, zeros_histogram
from .edges import differences, kernel_maps, kernel_path, slope_arrows
from .effective import core, effective_field
from .fields import axis_spans, boxes, side_view
from .graphs import conv_gradient, graph, verdicts
from .grids import draw_grid, fit_view, number_grids, padded_grid, rows_read, sliding_window
from .history import eye_to_label, pipelines, timeline
from .inside import check_table, image_rows
from .layers import layers_while_training, norms_by_layer, sum_ranges
from .lenet import connections, strip
from .matrices import matrix
from .normalization import (
    company,
    data_flow,
    four_norms,
    over_activation,
    shared_statistics,
)
from .optimisers import along, rate_maps, ravines
from .parallel import ring_steps, shares, step_parts, two_runs, ways_to_split
from .pictures import pictures
from .pooling import change_by_window, pooled, sampled_spikes
from .residuals import block_paths, path_lengths
from .search import search
from .signals import sliding_area
from .sliding import finds, savings, windows_and_cells
from .style import ALERT, INK, KERNEL, OUTPUT, QUIET, SERIES, WINDOW, apply_style, axes, panels
from .tapes import log_scales, patch_columns, stride_tapes, tape_slices, time_dots
from .tasks import four_tasks, scene
from .volumes import volumes

apply_style()

__all__ = [
    "ALERT",
    "INK",
    "KERNEL",
    "OUTPUT",
    "QUIET",
    "SERIES",
    "WINDOW",
    "add_and_concat",
    "along",
    "apply_style",
    "axes",
    "axis_spans",
    "block_paths",
    "border_profile",
    "boxes",
    "budgets",
    "by_distance",
    "change_by_window",
    "channel_sum",
    "channels_along",
    "check_table",
    "company",
    "cones",
    "confusion",
    "connections",
    "conv_gradient",
    "core",
    "course_map",
    "curve_and_slope",
    "curves",
    "data_flow",
    "differences",
    "dot_plot",
    "draw_grid",
    "effective_field",
    "eye_to_label",
    "finds",
    "fit_view",
    "four_norms",
    "four_tasks",
    "graph",
    "hinges",
    "image_rows",
    "inventory",
    "kernel_maps",
    "kernel_path",
    "label_ends",
    "layer_stacks",
    "layers_while_training",
    "learning_step",
    "log_scales",
    "many_answers",
    "mask_strips",
    "matrix",
    "norms_by_layer",
    "number_grids",
    "over_activation",
    "padded_grid",
    "padded_rows",
    "panels",
    "patch_columns",
    "path_counts",
    "path_lengths",
    "path_maps",
    "pictures",
    "pipelines",
    "pooled",
    "rate_maps",
    "ravines",
    "reading_maps",
    "ring_steps",
    "rows_read",
    "sampled_spikes",
    "samples",
    "savings",
    "scene",
    "search",
    "shared_statistics",
    "shares",
    "shares_by_layer",
    "side_view",
    "sliding_area",
    "sliding_window",
    "slope_arrows",
    "stamps",
    "step_parts",
    "stride_tapes",
    "strip",
    "sum_ranges",
    "tape_slices",
    "thinned_network",
    "time_dots",
    "timeline",
    "two_runs",
    "use_counts",
    "verdicts",
    "volumes",
    "ways_to_split",
    "windows_and_cells",
    "zeros_histogram",
]
