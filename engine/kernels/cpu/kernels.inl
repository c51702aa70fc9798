// SPDX-License-Identifier: GPL-3.0-or-later
// All kernels for one kind of processor. The including file says which: WEFT_VECTOR_BYTES, WEFT_TILE_ROWS, WEFT_TILE_VECTORS,
// WEFT_BLOCK_K. Everything in the .inl files is local to that file, and nothing from the standard library is called: an inline
// function compiled for a newer processor must not be the copy that the linker keeps.
#include "engine/kernels/cpu/gemm.inl"
#include "engine/kernels/cpu/gemm_rounded.inl"
#include "engine/kernels/cpu/rows.inl"
#include "engine/kernels/cpu/attention.inl"

#include "engine/kernels/cpu/kernels.h"

namespace weft::cpu {
namespace {

template <typename T>
constexpr KernelsOf<T> kernels_of() {
  return {kRows,
          Tile<T>::kColumns,
          Tile<T>::run,
          decode,
          {rms_norm<T>, rms_norm_backward<T>, rotate<T>, swiglu<T>, swiglu_backward<T>, to_bf16<T>, swiglu_bf16<T>, swiglu_bf16_backward<T>,
           cross_entropy<T>, agreement<T>, drop_elements<T>, add_noise<T>, scale_columns<T>, dot<T>, scaled_square_sum<T>, add_squares<T>, row_products<T>, add_block<T>, add_block_gradients<T>, Tile<T>::kLanes, column_dots<T>, column_dots_bf16<T>, column_dots_scaled<T>, sum_heads<T>},
          AttentionLoops<T>::forward,
          AttentionLoops<T>::backward};
}

}  // namespace
}  // namespace weft::cpu
