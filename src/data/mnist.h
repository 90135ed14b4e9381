#pragma once
/// Data sets that come as MNIST does: four idx files, images and labels of a training and a test
/// part.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/find_files.h"
#include "delstep/data.h"
#include "delstep/result.h"

namespace delstep {

/// What tells one such data set from another.
struct MnistLike {
  /// Its files: images and labels for training, images and labels for testing.
  WantedFiles files;
  std::vector<std::string> class_names;  ///< one per class
  std::int32_t first_label = 0;          ///< the label of class 0 in the files
  bool transposed = false;               ///< the files hold columns where others hold rows
};

MnistLike Mnist();
MnistLike FashionMnist();
/// One of EMNIST's six sets (Cohen, Afshar, Tapson, van Schaik 2017,
/// https://arxiv.org/abs/1702.05373): `balanced`, `byclass`, `bymerge`, `digits`, `letters`,
/// `mnist`. Its pictures lie on their side in the files and are turned upright; the labels of
/// `letters` begin at 1 there. A class of `bymerge`, `balanced` and `letters` that stands for both
/// forms of a letter is called by the capital. Errors: an unknown split is kUsage.
Result<MnistLike> Emnist(const std::string& split);

/// Finds the files (data/find_files.h), reads and joins both parts, training examples first;
/// example_shape is {1, rows, columns}, upright.
///
/// Errors (kFile): those of idx.h, unequal numbers of images and labels, other image sizes in the
/// two parts, a label beyond the classes.
Result<LoadedData> ReadMnist(const MnistLike& set, const std::filesystem::path& path,
                             const DataFolders& usual);

}  // namespace delstep
