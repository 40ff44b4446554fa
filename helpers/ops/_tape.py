"""Images as tapes: what convolution reads, what its gradients write, in long runs of memory.

A padded image, written row after row, is a *tape*. One pixel to the right is one number further on
it, one row down is one width further. So what all windows hold at their place (u, v) is a single
slice of the tape: the one that starts at u · width + v. Windows that would reach over the right
edge read on in the next row; they are computed with the others and cut off at the end.

With a stride only every stride-th row and column of windows counts. Then an image lies on
stride × stride tapes, one for each row and column modulo the stride, and nothing else changes.
"""

from typing import NamedTuple

import numpy as np

# What the unrolled patches of one block may take: enough for a fast matrix product, and little
# enough to stay near the processor, in its cache.
_BLOCK_BYTES = 2**22


def needed_stride(stride, outputs):
    """Return the stride, but 1 along an axis with a single window: there it decides nothing."""
    return tuple(1 if count == 1 else step for step, count in zip(stride, outputs, strict=True))


class Tapes(NamedTuple):
    """How images lie on tapes; every field is a (height, width) pair.

    image: the images' size. sides: the padding, ((top, bottom), (left, right)). outputs: how many
    windows there are. The others are those of the convolution.
    """

    image: tuple
    sides: tuple
    kernel_size: tuple
    stride: tuple
    dilation: tuple
    outputs: tuple

    @property
    def size(self):
        """The rows of a tape, and its width."""
        padded = [n + sum(side) for n, side in zip(self.image, self.sides, strict=True)]
        return tuple(-(-n // s) for n, s in zip(padded, self.stride, strict=True))

    def blank(self, channels, images, dtype, value=0):
        """Return empty tapes: (rows modulo, columns modulo, channels, images, length)."""
        rows, width = self.size
        # The last window's row may read on beyond the end.
        spare = (self.kernel_size[1] - 1) * self.dilation[1] // self.stride[1]
        return np.full((*self.stride, channels, images, rows * width + spare), value, dtype)

    def write(self, x, value=0):
        """Return the tapes of images (N, C, H, W), with `value` for what is padding."""
        tapes = self.blank(x.shape[1], len(x), x.dtype, value)
        for part, pixels in self._parts(tapes):
            part[:] = x[pixels].swapaxes(0, 1)
        return tapes

    def read(self, tapes):
        """Return the images (N, C, H, W) that lie on tapes, without their padding."""
        x = np.empty((tapes.shape[3], tapes.shape[2], *self.image), tapes.dtype)
        for part, pixels in self._parts(tapes):
            x[pixels] = part.swapaxes(0, 1)
        return x

    def _parts(self, tapes):
        """Yield, for each tape, the part of it that is no padding and the pixels that lie there."""
        rows, width = self.size
        for a in range(self.stride[0]):
            for b in range(self.stride[1]):
                page = tapes[a, b, ..., : rows * width].reshape(*tapes.shape[2:4], rows, width)
                part, pixels = [], []
                for axis, start in enumerate((a, b)):
                    before, stride = self.sides[axis][0], self.stride[axis]
                    first = (start - before) % stride
                    count = len(range(first, self.image[axis], stride))
                    place = (first + before) // stride
                    part.append(slice(place, place + count))
                    pixels.append(slice(first, None, stride))
                yield page[:, :, *part], (slice(None), slice(None), *pixels)

    def windows(self, tapes, images, rows):
        """Return, for each place in the kernel, what a block of windows holds there.

        images, rows: slices of images and of rows of windows. A list of views of the tapes,
        (channels, images, rows · width), in reading order of the kernel.
        """
        found, width = [], self.size[1]
        for u in range(self.kernel_size[0]):
            for v in range(self.kernel_size[1]):
                down, a = divmod(u * self.dilation[0], self.stride[0])
                right, b = divmod(v * self.dilation[1], self.stride[1])
                start, stop = (row + down for row in (rows.start, rows.stop))
                run = slice(start * width + right, stop * width + right)
                found.append(tapes[a, b, :, images, run])
        return found

    def columns(self, tapes, images, rows):
        """Unroll the patches of a block (im2col): (channels, kh · kw, images, rows · width)."""
        windows = self.windows(tapes, images, rows)
        columns = np.empty((len(windows[0]), len(windows), *windows[0].shape[1:]), tapes.dtype)
        for place, values in enumerate(windows):
            columns[:, place] = values
        return columns

    def spread(self, y):
        """Lay outputs (N, C, rows, W_out) out as windows lie on tapes: (C, N, rows · width).

        Windows that would reach over the right edge get 0.
        """
        page = np.zeros((y.shape[1], len(y), y.shape[2], self.size[1]), y.dtype)
        page[..., : self.outputs[1]] = y.swapaxes(0, 1)
        return page.reshape(*page.shape[:2], -1)

    def cut(self, values):
        """Undo `spread`: cut off the windows that reach over the right edge."""
        page = values.reshape(*values.shape[:2], -1, self.size[1])
        return page[..., : self.outputs[1]].swapaxes(0, 1)

    def blocks(self, images, channels, itemsize):
        """Yield (slice of images, slice of rows of windows) that cover all windows.

        The unrolled patches of one block take at most _BLOCK_BYTES, or are one row of one image.
        """
        row = channels * self.kernel_size[0] * self.kernel_size[1] * self.size[1] * itemsize
        rows = max(_BLOCK_BYTES // row, 1)
        together = max(rows // self.outputs[0], 1)
        for i in range(0, images, together):
            for r in range(0, self.outputs[0], rows):
                stop = min(i + together, images), min(r + rows, self.outputs[0])
                yield slice(i, stop[0]), slice(r, stop[1])
