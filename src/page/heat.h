#pragma once
/// /api/heat: what hundreds of nodes are like over hundreds of moments, as a picture in bins.
///
/// Pure functions of samples. A row of the picture is one or several nodes, a column one or several
/// moments; a bin has the sum, count, least and greatest of the values that fall into it, so that
/// nothing is lost by the order of adding: the bins' sums are the sums of the values.
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "console/history/moments.h"
#include "page/curves.h"
#include "recording/moment_facts.h"

namespace delstep {

struct HeatBin {
  double sum = 0, min = 0, max = 0;
  std::size_t count = 0;

  void Add(double value);
};

/// First and last index of each of `parts` nearly equal parts of `count` things, in order; fewer
/// parts where there are fewer things.
std::vector<std::pair<std::size_t, std::size_t>> HeatParts(std::size_t count, std::size_t parts);

struct HeatBins {
  std::vector<std::pair<std::size_t, std::size_t>> columns, rows;  ///< see HeatParts()
  std::vector<HeatBin> bins;                                       ///< row by row
};
/// `order` has the numbers of nodes, row by row; values of other nodes are not looked at.
HeatBins BinHeat(MomentWay way, const std::string& metric, std::span<const std::size_t> order,
                 std::size_t columns, std::size_t rows);

struct HeatQuestion {
  std::string metric;  ///< as MomentSample::columns has it
  std::string sort = "given";
  std::size_t columns = 600, rows = 200;
};
/// The present nodes in the order that is asked for: "given", "group" (by the first group, those in
/// none last), "accuracy" (of the last moment, best first).
std::vector<std::size_t> HeatOrder(const std::string& sort, const MomentFacts& facts);

/// At most 100 kB: columns and rows become fewer, and beyond 6,000 bins `min` and `max` are null.
std::string HeatJson(MomentWay way, const HeatQuestion& question,
                     std::span<const std::size_t> order);

}  // namespace delstep
