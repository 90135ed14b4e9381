#pragma once
/// Curves of a page: /api/curves and /api/consensus of docs/internals/page-server.md.
///
/// Pure functions of samples, given in order from the start of the run to the moment that is looked
/// at. A metric that some moment has no value of has null there.
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "page/moment_samples.h"

namespace delstep {

using MomentWay = std::span<const std::shared_ptr<const MomentSample>>;

/// Thinned to at most `points`, the first and the last one always among them.
std::vector<std::shared_ptr<const MomentSample>> Thinned(MomentWay way, std::size_t points);

/// Beyond 60 nodes single nodes have no curves.
inline constexpr std::size_t kNodesWithCurves = 60;

std::string CurvesJson(MomentWay way, std::size_t points, std::size_t nodes_ever);

/// Distances to the mean model in 30 bins of equal width on a logarithmic scale, of the last 8
/// moments that know them.
std::string ConsensusJson(MomentWay way);

}  // namespace delstep
