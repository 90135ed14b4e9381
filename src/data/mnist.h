#pragma once
/// Data sets that come as MNIST does: four idx files, images and labels of a training and a test
/// part.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "delstep/data.h"
#include "delstep/result.h"

namespace delstep {

/// What tells one such data set from another.
struct MnistLike {
  std::string name;  ///< of the data set and of its folder
  std::int32_t classes = 10;
  std::vector<std::string> class_names;
};

struct MnistFiles {
  std::filesystem::path train_images, train_labels, test_images, test_labels;
};

/// Looks for the four files, each under its usual names (`train-images-idx3-ubyte` or
/// `train-images.idx3-ubyte`, with or without `.gz`), in the first of these folders that holds any
/// of them: `path` and `path/NAME` and no others if `path` is given; else `$DELSTEP_DATA/NAME`,
/// `$DELSTEP_DATA`, `recorded/NAME`. An empty `recorded` stands for none.
///
/// Errors (kFile): no folder holds one (the message lists them), or a folder holds some but not
/// all.
Result<MnistFiles> FindMnistFiles(const std::string& name, const std::filesystem::path& path,
                                  const std::filesystem::path& recorded);

/// Reads and joins both parts, training examples first; example_shape is {1, rows, columns}.
///
/// Errors (kFile): those of idx.h, unequal numbers of images and labels, other image sizes in the
/// two parts, a label beyond the classes.
Result<LoadedData> ReadMnist(const MnistLike& set, const MnistFiles& files);

}  // namespace delstep
