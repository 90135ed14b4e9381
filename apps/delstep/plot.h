#pragma once
/// delstep plot: pictures of runs that were recorded.
#include <string>
#include <vector>

#include "apps/delstep/verb_options.h"
#include "delstep/result.h"

namespace delstep {

struct PlotOutcome {
  std::vector<std::string> files;  ///< written
  std::string table;               ///< with --data, which writes no file
  std::string note;                ///< what could not be drawn beside the files; may be empty
};

/// Reads the recorded runs and sweeps, and writes the picture: `out`, which ends in .svg or .png, or
/// if it is empty plot.svg and plot.png in the only folder or else in the working directory. A
/// picture that is there is replaced, whole or not at all.
///
/// Errors: kFile for a folder that holds no run, or whose files are bad; kUsage for an ending of
/// `out` and those of MakeFigure(); kUnavailable without gnuplot.
Result<PlotOutcome> Plot(const PlotOptions& options, const std::string& out);

}  // namespace delstep
