#pragma once
/// `data.name = images`: pictures in folders, one folder per class.
#include "delstep/data.h"
#include "delstep/result.h"

namespace delstep {

/// Reads data.path: a folder with a folder per class, or with `train` and `test`, each a folder
/// with a folder per class: the official split. Classes are named as their folders and sorted by
/// name, as pictures are: files that end in .png, .jpg, .jpeg, .bmp, .ppm, .pgm, .pbm or .pnm.
/// Other files are left out, except pictures of kinds that are not read (.gif, .tif, .webp, .heic
/// and so on). LoadedData::notes tells of folders and pictures that stand where none is read.
///
/// A picture is scaled to data.image_size pixels a side (picture.h). Features are bytes, of shape
/// {1, size, size} if all pictures are grey, else {3, size, size}: red, green, blue.
///
/// Errors: data.path is not set, more than kMostImageValues features (kUsage); no class, a class
/// without a picture in the training part, one of the test part that is not in the training part, a
/// folder in a class, a picture that cannot be read (kFile).
Result<LoadedData> ReadImages(const DataOptions& options);

constexpr std::size_t kMostImageValues = std::size_t{1} << 34;

}  // namespace delstep
