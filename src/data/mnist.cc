#include "data/mnist.h"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "data/idx.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFetchBoth =
    "the two files belong to different data sets: fetch both again (`delstep setup` does, of MNIST "
    "and Fashion-MNIST)";
constexpr std::string_view kDigits = "0123456789", kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                           kSmall = "abcdefghijklmnopqrstuvwxyz";

/// The memory behind a LoadedData.
struct MnistStorage {
  ByteBuffer images;
  std::vector<std::int32_t> labels;
};

std::vector<std::string> NamesOfCharacters(std::initializer_list<std::string_view> characters) {
  std::vector<std::string> names;
  for (const std::string_view some : characters)
    for (const char c : some) names.emplace_back(1, c);
  return names;
}

/// "PREFIXtrain-images-idx3-ubyte" and so on; `test` is what the second part is called.
std::vector<std::string> FileNames(const std::string& prefix, const char* test) {
  std::vector<std::string> names;
  for (const char* const part : {"train", test}) {
    names.push_back(fmt::format("{}{}-images-idx3-ubyte", prefix, part));
    names.push_back(fmt::format("{}{}-labels-idx1-ubyte", prefix, part));
  }
  return names;
}

void Transpose(std::span<std::uint8_t> images, std::size_t rows, std::size_t columns) {
  std::vector<std::uint8_t> upright(rows * columns);
  // In place, picture by picture: a second copy of the data set would be 50 MB.
  for (; !images.empty(); images = images.subspan(upright.size())) {
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < columns; ++c) upright[c * rows + r] = images[r * columns + c];
    std::ranges::copy(upright, images.begin());
  }
}

/// Appends one part, images and labels.
Result<IdxShape> ReadPart(const MnistLike& set, const fs::path& images, const fs::path& labels,
                          MnistStorage& storage) {
  DELSTEP_ASSIGN(const IdxShape shape, ReadIdxFile(images, IdxKind::kImages, storage.images));
  ByteBuffer bytes;
  DELSTEP_ASSIGN(const IdxShape count, ReadIdxFile(labels, IdxKind::kLabels, bytes));
  if (count.count != shape.count) {
    return BadFile(fmt::format("'{}', byte 4: found {}, expected {} since '{}' holds {}",
                               labels.string(), Count(count.count, "label"), shape.count,
                               images.string(), Count(shape.count, "image")),
                   kFetchBoth);
  }
  const auto classes = static_cast<std::int32_t>(set.class_names.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::int32_t label = bytes.bytes()[i] - set.first_label;
    if (label < 0 || label >= classes) {
      return BadFile(
          fmt::format("'{}', byte {} of the content: found label {}, expected {} to {}",
                      labels.string(), IdxHeaderSize(IdxKind::kLabels) + i, bytes.bytes()[i],
                      set.first_label, set.first_label + classes - 1),
          fmt::format("this is no {} file: check data.name and data.path", set.files.name));
    }
    storage.labels.push_back(label);
  }
  return shape;
}

}  // namespace

MnistLike Mnist() {
  return {{"mnist", {"raw", "MNIST/raw"}, FileNames("", "t10k")}, NamesOfCharacters({kDigits})};
}

MnistLike FashionMnist() {
  return {{"fashion-mnist", {"raw", "FashionMNIST/raw"}, FileNames("", "t10k")},
          {"T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker",
           "bag", "ankle boot"}};
}

Result<MnistLike> Emnist(const std::string& split) {
  const std::array<std::pair<const char*, std::vector<std::string>>, 6> splits = {{
      // As EMNIST's mapping files have it: small letters that look like their capitals share a
      // class.
      {"balanced", NamesOfCharacters({kDigits, kCapitals, "abdefghnqrt"})},
      {"byclass", NamesOfCharacters({kDigits, kCapitals, kSmall})},
      {"bymerge", NamesOfCharacters({kDigits, kCapitals, "abdefghnqrt"})},
      {"digits", NamesOfCharacters({kDigits})},
      {"letters", NamesOfCharacters({kCapitals})},
      {"mnist", NamesOfCharacters({kDigits})},
  }};
  for (const auto& [name, class_names] : splits) {
    if (split != name) continue;
    // "gzip" is the folder in the archive that EMNIST is published as; "raw" and what lies above it
    // are torchvision's.
    return MnistLike{
        {"emnist", {"gzip", "raw", "EMNIST/raw"}, FileNames("emnist-" + split + '-', "test")},
        class_names,
        split == "letters" ? 1 : 0,
        /*transposed=*/true};
  }
  return UsageError(fmt::format("data.split = '{}': no such set of emnist", split),
                    "choose one of: balanced, byclass, bymerge, digits, letters, mnist")
      .About("data.split");
}

Result<LoadedData> ReadMnist(const MnistLike& set, const fs::path& path, const DataFolders& usual) {
  DELSTEP_ASSIGN(const std::vector<fs::path> files, FindFiles(set.files, path, usual));
  const auto storage = std::make_shared<MnistStorage>();
  DELSTEP_ASSIGN(const IdxShape train, ReadPart(set, files[0], files[1], *storage));
  DELSTEP_ASSIGN(const IdxShape test, ReadPart(set, files[2], files[3], *storage));
  if (test.rows != train.rows || test.columns != train.columns) {
    return BadFile(fmt::format("'{}', byte 8: found images of {} x {}, expected {} x {} as in '{}'",
                               files[2].string(), test.rows, test.columns, train.rows,
                               train.columns, files[0].string()),
                   kFetchBoth);
  }
  LoadedData loaded;
  loaded.name = set.files.name;
  loaded.dataset.example_shape = {1, train.rows, train.columns};
  if (set.transposed) {
    Transpose(storage->images.bytes(), train.rows, train.columns);
    loaded.dataset.example_shape = {1, train.columns, train.rows};
  }
  loaded.dataset.example_size = std::size_t{train.rows} * train.columns;
  loaded.dataset.bytes = storage->images.bytes();
  loaded.dataset.labels = storage->labels;
  loaded.dataset.classes = static_cast<std::int32_t>(set.class_names.size());
  loaded.train_examples = train.count;
  loaded.class_names = set.class_names;
  loaded.owner = storage;
  for (const fs::path& file : files) loaded.files.push_back(file.string());
  return loaded;
}

}  // namespace delstep
