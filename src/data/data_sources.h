#pragma once
/// The data sets that can be chosen by `data.name`.
#include <vector>

#include "data/find_files.h"
#include "delstep/registry.h"

namespace delstep {

/// Adds all values of data.name but `module`. `folders` are where published data sets are looked
/// for; see data/find_files.h.
void AddDataSources(Parts<LoadData>& parts, DataFolders folders = {});

/// The files of each data set that is published rather than people's own.
std::vector<WantedFiles> PublishedDataSets(const DataOptions& options);

}  // namespace delstep
