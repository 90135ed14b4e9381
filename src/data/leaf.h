#pragma once
/// `data.name = leaf`: data sets as LEAF makes them, with the users they come from.
#include "delstep/data.h"
#include "delstep/result.h"

namespace delstep {

/// Reads data.path: one JSON file, or all `.json` files of a folder, sorted by name; or a folder
/// that holds `train` and `test`, or `data/train` and `data/test`, such folders: the official
/// split. For the files see leaf_file.h.
///
/// Users are the sources, in the order in which they are met; the same user in several files or in
/// both parts is one source. Features are floats, of shape {1, 28, 28} if there are 784, else flat;
/// classes are the largest label + 1. Of texts the features are ids of characters (vocabulary.h;
/// data.vocabulary) and the classes those of the next one; data.sequence and data.stride do not
/// matter.
///
/// Errors: data.path is not set (kUsage); no such file, no example, what leaf_file.h says (kFile).
Result<LoadedData> ReadLeaf(const DataOptions& options);

}  // namespace delstep
