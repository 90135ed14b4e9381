#pragma once
/// Runs gnuplot, the program that draws pictures for `delstep plot`.
#include <string>

#include "delstep/result.h"

namespace delstep {

/// What gnuplot writes to its standard output when it is given this script. No file is made, and
/// none of the user's own settings of gnuplot are read.
///
/// Errors: kUnavailable if gnuplot is not there, with how to install it, or if it fails, with what
/// it said first.
Result<std::string> RunGnuplot(const std::string& script);

/// "gnuplot 5.4 patchlevel 4". Errors: those of RunGnuplot().
Result<std::string> GnuplotVersion();

}  // namespace delstep
