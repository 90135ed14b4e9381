#include "apps/delstep/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "apps/delstep/gnuplot.h"
#include "apps/delstep/plotted_runs.h"
#include "base/files.h"
#include "base/text.h"
#include "plotting/gnuplot_script.h"

namespace delstep {
namespace {

struct WantedPicture {
  std::string file;
  PictureFormat format;
};

/// By the ending of --out; without it both. The first one is the one that must succeed.
Result<std::vector<WantedPicture>> WantedPictures(const PlotOptions& options,
                                                  const std::string& out) {
  if (out.empty()) {
    const std::filesystem::path folder = options.folders.size() == 1 ? options.folders[0] : "";
    return std::vector<WantedPicture>{{(folder / "plot.svg").string(), PictureFormat::kSvg},
                                      {(folder / "plot.png").string(), PictureFormat::kPng}};
  }
  const std::string ending = Lower(std::filesystem::path(out).extension().string());
  if (ending != ".svg" && ending != ".png")
    return UsageError(fmt::format("--out of plot must end in .svg or .png, not '{}'", out),
                      "without --out both are written into the folder of the run");
  return std::vector<WantedPicture>{
      {out, ending == ".svg" ? PictureFormat::kSvg : PictureFormat::kPng}};
}

std::string TitleOf(const PlotOptions& options) {
  if (!options.title.empty()) return options.title;
  return options.folders.size() == 1 ? NameOfFolder(options.folders[0])
                                     : Count(options.folders.size(), "folder");
}

Result<Figure> FigureOf(const PlotOptions& options) {
  DELSTEP_ASSIGN(auto runs, ReadPlottedRuns(options.folders));
  const auto [settings, keys] = GroupBySetting(std::move(runs));
  return MakeFigure(settings, {.x = options.x,
                               .metrics = options.metrics,
                               .band = options.band,
                               .title = TitleOf(options),
                               .legend_title = keys});
}

}  // namespace

Result<PlotOutcome> Plot(const PlotOptions& options, const std::string& out) {
  DELSTEP_ASSIGN(const auto wanted, WantedPictures(options, out));
  DELSTEP_ASSIGN(const Figure figure, FigureOf(options));
  PlotOutcome outcome;
  if (options.data) {
    outcome.table = FigureTable(figure);
    return outcome;
  }
  for (const auto& [file, format] : wanted) {
    const auto picture = RunGnuplot(GnuplotScript(figure, format));
    if (!picture && outcome.files.empty()) return picture.error();
    if (!picture) {
      // A gnuplot without cairo: the SVG is there.
      outcome.note = fmt::format("{} could not be drawn: {}", file, picture.error().message);
      continue;
    }
    DELSTEP_TRY(ReplaceFile(file, *picture));
    outcome.files.push_back(file);
  }
  return outcome;
}

}  // namespace delstep
