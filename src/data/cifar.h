#pragma once
/// CIFAR-10 and CIFAR-100 in their binary version (Krizhevsky 2009): a picture is 3072 bytes, 32 x
/// 32 in rows, first red, then green, then blue; before it its label, of CIFAR-100 two: coarse and
/// fine.
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "archive/byte_buffer.h"
#include "data/find_files.h"
#include "delstep/data.h"
#include "delstep/result.h"

namespace delstep {

/// Reads `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`, found as
/// data/find_files.h says (also below `cifar-10-batches-bin`). Class names come from
/// `batches.meta.txt` where it is there. example_shape is {3, 32, 32}.
///
/// Errors (kFile): no or not all files; a file that is no whole number of pictures, or none; a
/// label beyond the classes, with the byte where it lies.
Result<LoadedData> ReadCifar10(const std::filesystem::path& path, const DataFolders& usual);

/// The same of `train.bin` and `test.bin` (also below `cifar-100-binary`); names come from
/// `fine_label_names.txt`. With `coarse` the classes are the 20 superclasses of
/// `coarse_label_names.txt`.
Result<LoadedData> ReadCifar100(bool coarse, const std::filesystem::path& path,
                                const DataFolders& usual);

WantedFiles Cifar10Files();
WantedFiles Cifar100Files();

/// How a label stands before a picture.
struct CifarLabel {
  std::size_t bytes = 1;  ///< before the picture
  std::size_t which = 0;  ///< of them
  std::int32_t classes = 10;
};

/// The memory behind a LoadedData: 3072 bytes and a label each.
struct CifarPictures {
  ByteBuffer pixels;
  std::vector<std::int32_t> labels;
};

/// Appends what one file holds, plain or compressed, given as bytes; messages call it `name`.
/// After an error the content of `into` is unspecified.
Result<void> ParseCifar(std::span<const std::uint8_t> content, const std::string& name,
                        const CifarLabel& label, CifarPictures& into);

}  // namespace delstep
