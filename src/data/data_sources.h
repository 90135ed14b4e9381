#pragma once
/// The data sets that can be chosen by `data.name`.
#include <filesystem>

#include "delstep/registry.h"

namespace delstep {

/// Adds `mnist`, `fashion-mnist` and `blobs`, and the names of what is not written yet, with the
/// reason. `recorded` is the folder where the set-up put data sets, each in a folder of its name;
/// where files are looked for is said in data/mnist.h.
void AddDataSources(Parts<LoadData>& parts, std::filesystem::path recorded = {});

}  // namespace delstep
