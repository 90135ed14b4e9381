#include "data/mnist.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "data/idx.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

/// The memory behind a LoadedData.
struct Storage {
  ByteBuffer images;
  std::vector<std::int32_t> labels;
};

std::vector<fs::path> Folders(const std::string& name, const fs::path& path,
                              const fs::path& recorded) {
  if (!path.empty()) return {path, path / name};
  std::vector<fs::path> folders;
  if (const char* const root = std::getenv("DELSTEP_DATA"); root != nullptr && *root != '\0')
    folders = {fs::path(root) / name, root};
  if (!recorded.empty()) folders.push_back(recorded / name);
  return folders;
}

/// `stem` and `kind` are "train-images" and "idx3-ubyte".
std::optional<fs::path> FindFile(const fs::path& folder, const std::string& stem,
                                 const std::string& kind) {
  for (const char* const separator : {"-", "."}) {
    for (const char* const ending : {"", ".gz"}) {
      fs::path file = folder / (stem + separator + kind + ending);
      std::error_code ignored;
      if (fs::exists(file, ignored)) return file;
    }
  }
  return std::nullopt;
}

std::string DescribeFolder(const fs::path& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  const char* note = "";
  if (status.type() == fs::file_type::not_found) {
    note = " (no such folder)";
  } else if (status.type() == fs::file_type::none) {
    note = " (no permission to look)";
  } else if (!fs::is_directory(status)) {
    note = " (not a folder)";
  }
  return fmt::format("'{}'{}", folder.string(), note);
}

Error NotFound(const std::string& name, const std::vector<fs::path>& folders) {
  std::vector<std::string> looked;
  for (const fs::path& folder : folders) looked.push_back(DescribeFolder(folder));
  return BadFile(fmt::format("no files of data set '{}' (train-images-idx3-ubyte, ...) found{}",
                             name, looked.empty() ? "" : " in " + Join(looked, ", ")),
                 {},
                 "`./dev setup` fetches them; or set data.path or $DELSTEP_DATA to the folder that "
                 "holds them");
}

/// Appends one part, images and labels.
Result<IdxShape> ReadPart(const MnistLike& set, const fs::path& images, const fs::path& labels,
                          Storage& storage) {
  DELSTEP_ASSIGN(const IdxShape shape, ReadIdxFile(images, IdxKind::kImages, storage.images));
  ByteBuffer bytes;
  DELSTEP_ASSIGN(const IdxShape count, ReadIdxFile(labels, IdxKind::kLabels, bytes));
  if (count.count != shape.count) {
    return BadFile(fmt::format("'{}', byte 4: found {}, expected {} since '{}' holds {}",
                               labels.string(), Count(count.count, "label"), shape.count,
                               images.string(), Count(shape.count, "image")),
                   {},
                   "the two files belong to different data sets: fetch both again (`./dev setup`)");
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::int32_t label = bytes.bytes()[i];
    if (label >= set.classes) {
      return BadFile(
          fmt::format("'{}', byte {} of the content: found label {}, expected 0 to {}",
                      labels.string(), IdxHeaderSize(IdxKind::kLabels) + i, label, set.classes - 1),
          {}, fmt::format("this is no {} file: check data.name and data.path", set.name));
    }
    storage.labels.push_back(label);
  }
  return shape;
}

}  // namespace

Result<MnistFiles> FindMnistFiles(const std::string& name, const fs::path& path,
                                  const fs::path& recorded) {
  struct Wanted {
    const char *stem, *kind;
    fs::path MnistFiles::*file;
  };
  constexpr std::array<Wanted, 4> kWanted = {{
      {"train-images", "idx3-ubyte", &MnistFiles::train_images},
      {"train-labels", "idx1-ubyte", &MnistFiles::train_labels},
      {"t10k-images", "idx3-ubyte", &MnistFiles::test_images},
      {"t10k-labels", "idx1-ubyte", &MnistFiles::test_labels},
  }};
  const std::vector<fs::path> folders = Folders(name, path, recorded);
  for (const fs::path& folder : folders) {
    MnistFiles files;
    std::vector<std::string> missing;
    for (const Wanted& wanted : kWanted) {
      if (auto file = FindFile(folder, wanted.stem, wanted.kind)) {
        files.*wanted.file = *std::move(file);
      } else {
        missing.push_back(fmt::format("{}-{}", wanted.stem, wanted.kind));
      }
    }
    if (missing.empty()) return files;
    if (missing.size() < kWanted.size()) {
      return BadFile(fmt::format("folder '{}' holds only a part of data set '{}': {} missing",
                                 folder.string(), name, Join(missing, ", ")),
                     {}, "fetch the rest with `./dev setup`, or copy it there (.gz will do)");
    }
  }
  return NotFound(name, folders);
}

Result<LoadedData> ReadMnist(const MnistLike& set, const MnistFiles& files) {
  const auto storage = std::make_shared<Storage>();
  DELSTEP_ASSIGN(const IdxShape train,
                 ReadPart(set, files.train_images, files.train_labels, *storage));
  DELSTEP_ASSIGN(const IdxShape test,
                 ReadPart(set, files.test_images, files.test_labels, *storage));
  if (test.rows != train.rows || test.columns != train.columns) {
    return BadFile(fmt::format("'{}', byte 8: found images of {} x {}, expected {} x {} as in '{}'",
                               files.test_images.string(), test.rows, test.columns, train.rows,
                               train.columns, files.train_images.string()),
                   {},
                   "the two files belong to different data sets: fetch both again (`./dev setup`)");
  }
  LoadedData loaded;
  loaded.name = set.name;
  loaded.dataset.example_shape = {1, train.rows, train.columns};
  loaded.dataset.example_size = std::size_t{train.rows} * train.columns;
  loaded.dataset.bytes = storage->images.bytes();
  loaded.dataset.labels = storage->labels;
  loaded.dataset.classes = set.classes;
  loaded.train_examples = train.count;
  loaded.class_names = set.class_names;
  loaded.owner = storage;
  loaded.files = {files.train_images.string(), files.train_labels.string(),
                  files.test_images.string(), files.test_labels.string()};
  return loaded;
}

}  // namespace delstep
