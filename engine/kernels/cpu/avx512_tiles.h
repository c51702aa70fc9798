// SPDX-License-Identifier: GPL-3.0-or-later
// What kernels.inl asks of the including file, for processors with AVX-512. Before any .inl file.
#pragma once

#define WEFT_VECTOR_BYTES 64
#define WEFT_TILE_ROWS 8
#define WEFT_TILE_VECTORS 3
#define WEFT_BLOCK_K 192
