// SPDX-License-Identifier: GPL-3.0-or-later
// What engine/api/close_up.h shows, taken from an adapter set. Forms one matrix of the model at a time. Engine thread only.
#pragma once

#include <optional>

#include "engine/adapter/adapter_set.h"
#include "engine/api/close_up.h"

namespace weft {

// name, rows x columns, cells of `values` (2 or more dimensions; a vector is one row)
[[nodiscard]] MatrixPicture picture_of(const std::string& name, const Tensor& values, int cells);

// Angles between the column spaces of two matrices [n, k] and [n, j], degrees, ascending: min of their ranks. Directions below 1e-6 of the
// longest are no part of a space. Bjorck and Golub 1973.
[[nodiscard]] std::vector<float> principal_angles(const Tensor& a, const Tensor& b);

// NotFound, with what there is.
[[nodiscard]] Status no_such_site(const std::string& site, const std::vector<SiteShape>& sites);
[[nodiscard]] Status look_ended();   // Cancelled
// adapters: prepared. other: factors of the second adapter at that site, where there is one.
[[nodiscard]] Result<CloseUpReply> close_up_of(const AdapterSet& adapters, const CloseUpRequest& request, const std::optional<LinearFactors>& other);
// The whole of W [out, in] up to 2048 directions, the 256 leading ones beyond. delta: the update [out, in].
// cancelled: asked between pieces; without values then.
[[nodiscard]] BaseDecomposition decompose_base(const Tensor& w, const Tensor& delta, const std::function<bool()>& cancelled = {});
// Of two factors without a base.
void look_at_factors(const LinearFactors& factors, const std::optional<LinearFactors>& other, int cells, CloseUpReply& reply);

}  // namespace weft
