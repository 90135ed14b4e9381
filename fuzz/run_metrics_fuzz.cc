// Whatever stands in a table of metrics, it is read into runs that can be drawn, or refused.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <utility>

#include "plotting/contacts.h"
#include "plotting/figure.h"
#include "plotting/gnuplot_script.h"
#include "plotting/last_branch.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream events(std::string(reinterpret_cast<const char*>(data), size));
  auto branch = delstep::ReadLastBranch(events, "events.jsonl");
  if (branch) {
    const auto contacts = delstep::CountContacts(branch->contacts);
    for (std::size_t i = 1; i < contacts.size(); ++i) {
      Require(contacts[i].time > contacts[i - 1].time);
      Require(contacts[i].count >= 0);
    }
  }
  delstep::MemorySource source("metrics.csv", {data, size});
  auto read = delstep::ReadRunMetrics(source);
  if (!read) {
    Require(read.error().code == delstep::ErrorCode::kFile && !read.error().message.empty());
    return 0;
  }
  std::vector<delstep::PlottedRun> runs;
  if (branch)
    for (auto& metrics : *read) delstep::KeepBranch(*branch, 0, metrics);
  for (auto& metrics : *read) runs.push_back({.metrics = std::move(metrics)});
  const auto [settings, keys] = delstep::GroupBySetting(std::move(runs));
  for (const auto x : {delstep::XAxis::kTime, delstep::XAxis::kBytes}) {
    const auto figure = delstep::MakeFigure(settings, {.x = x, .legend_title = keys});
    if (!figure) continue;
    for (const auto& panel : figure->panels)
      for (const auto& curve : panel.curves)
        for (std::size_t i = 0; i < curve.points.size(); ++i) {
          Require(std::isfinite(curve.points[i].value));
          Require(i == 0 || curve.points[i].x > curve.points[i - 1].x);
        }
    Require(!delstep::GnuplotScript(*figure, delstep::PictureFormat::kSvg).empty());
  }
  return 0;
}
