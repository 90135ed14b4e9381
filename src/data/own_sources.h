#pragma once
/// The data sets of people's own files, besides arrays and tables: `leaf`, `images`, `text`.
#include "delstep/registry.h"

namespace delstep {

/// Adds them; AddDataSources() calls it.
void AddOwnSources(Parts<LoadData>& parts);

}  // namespace delstep
