"""One function a figure, all reached as `figures.NAME`; importing this sets the course's style."""

from .activations import curve_and_slope, hinges, learning_step
from .borders import border_profile, by_distance, padded_rows, use_counts
from .channels import channel_sum, layer_stacks, stamps
from .cones import cones, path_counts, path_maps
from .curves import curves, dot_plot, label_ends
from .dropout import many_answers, mask_strips, thinned_network, zeros_histogram
from .edges import differences, kernel_maps, kernel_path, slope_arrows
from .effective import core, effective_field
from .fields import axis_spans, boxes, side_view
from .grids import draw_grid, fit_view, number_grids, padded_grid, rows_read, sliding_window
from .history import eye_to_label, pipelines, timeline
from .layers import layers_while_training, norms_by_layer, sum_ranges
from .matrices import matrix
from .normalization import (
    company,
    data_flow,
    four_norms,
    over_activation,
    shared_statistics,
)
from .pictures import pictures
from .pooling import change_by_window, pooled, sampled_spikes
from .signals import sliding_area
from .style import ALERT, INK, KERNEL, OUTPUT, QUIET, SERIES, WINDOW, apply_style, axes, panels
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
    "apply_style",
    "axes",
    "axis_spans",
    "border_profile",
    "boxes",
    "by_distance",
    "change_by_window",
    "channel_sum",
    "company",
    "cones",
    "core",
    "curve_and_slope",
    "curves",
    "data_flow",
    "differences",
    "dot_plot",
    "draw_grid",
    "effective_field",
    "eye_to_label",
    "fit_view",
    "four_norms",
    "four_tasks",
    "hinges",
    "kernel_maps",
    "kernel_path",
    "label_ends",
    "layer_stacks",
    "layers_while_training",
    "learning_step",
    "many_answers",
    "mask_strips",
    "matrix",
    "norms_by_layer",
    "number_grids",
    "over_activation",
    "padded_grid",
    "padded_rows",
    "panels",
    "path_counts",
    "path_maps",
    "pictures",
    "pipelines",
    "pooled",
    "rows_read",
    "sampled_spikes",
    "scene",
    "shared_statistics",
    "side_view",
    "sliding_area",
    "sliding_window",
    "slope_arrows",
    "stamps",
    "sum_ranges",
    "thinned_network",
    "timeline",
    "use_counts",
    "volumes",
    "zeros_histogram",
]
