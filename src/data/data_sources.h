#pragma once
/// The data sets that can be chosen by `data.name`.
#include <vector>

#include "data/find_files.h"
#include "delstep/registry.h"

namespace delstep {

/// A source of data as a run has it: what `read` returns, then what every data set gets, whoever
/// reads it. Its features are divided as data.scale says, classes whose names look alike get a
/// number after their names, and notes tell what looks like a slip: such classes, examples of a
/// single class or each of a class of its own, pixels that are not scaled.
/// Errors: those of `read`, and of data.scale.
LoadData Finishing(LoadData read);

/// Adds all values of data.name but `module`. `folders` are where published data sets are looked
/// for; see data/find_files.h.
void AddDataSources(Parts<LoadData>& parts, DataFolders folders = {});

/// The files of each data set that is published rather than people's own.
std::vector<WantedFiles> PublishedDataSets(const DataOptions& options);

}  // namespace delstep
