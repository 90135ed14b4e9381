#pragma once
/// The options that belong to one of the shell's verbs, `plot` or `sweep`, and to no run.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "delstep/result.h"
#include "plotting/curves.h"

namespace delstep {

struct PlotOptions {
  std::vector<std::string> folders;  ///< runs and sweeps
  std::optional<XAxis> x;            ///< none: what the recording has
  std::vector<std::string> metrics;  ///< none: the usual ones
  Band band = Band::kPercentiles;
  std::string title;  ///< empty: the name of the folder
  bool data = false;  ///< print the table of what would be drawn, and draw nothing
};

struct SweepOptions {
  std::uint64_t jobs = 0;  ///< runs at once; 0: as many as there are processors
  bool again = false;      ///< runs that are there already too
};

/// What the command line holds of them.
struct VerbOptions {
  PlotOptions plot;
  SweepOptions sweep;
  std::string plot_option, sweep_option;  ///< one that was given, for messages; empty: none
};

/// Takes an option of one of the verbs with its value ("" for a flag); false: it is none of them.
/// Errors: kUsage, with what the value may be.
Result<bool> TakeVerbOption(const std::string& option, const std::string& value,
                            VerbOptions& options);

}  // namespace delstep
