#pragma once
/// The data sets that can be chosen by `data.name`.
#include <filesystem>
#include <vector>

#include "data/find_files.h"
#include "delstep/registry.h"

namespace delstep {

/// Adds all of data.name, and the names of what is not written yet, with the reason. `recorded` is
/// the folder where the set-up put data sets, each in a folder of its name; where files are looked
/// for is said in data/find_files.h.
void AddDataSources(Parts<LoadData>& parts, std::filesystem::path recorded = {});

/// The files of each data set that is published rather than people's own.
std::vector<WantedFiles> PublishedDataSets(const DataOptions& options);

}  // namespace delstep
