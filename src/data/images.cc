#include "data/images.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "data/folder.h"
#include "data/picture.h"
#include "delstep/scenario.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostFileBytes = std::uint64_t{1} << 28;
constexpr std::array<std::string_view, 10> kRead = {".png", ".jpg", ".jpeg", ".jpe", ".jfif",
                                                    ".bmp", ".ppm", ".pgm",  ".pbm", ".pnm"};
constexpr std::array<std::string_view, 14> kNotRead = {".gif",  ".tif",  ".tiff", ".webp", ".heic",
                                                       ".heif", ".avif", ".jp2",  ".jxl",  ".pam",
                                                       ".ico",  ".svg",  ".psd",  ".tga"};

/// The pictures that are there.
struct Gallery {
  std::vector<std::string> classes;
  std::vector<fs::path> files;
  std::vector<std::int32_t> labels;
  std::vector<std::string> others;  // files that are no pictures
};

Result<std::vector<fs::path>> PicturesOf(const fs::path& folder,
                                         std::vector<std::string>* others = nullptr) {
  DELSTEP_ASSIGN(const std::vector<fs::path> entries, EntriesOf(folder));
  std::vector<fs::path> pictures;
  for (const fs::path& entry : entries) {
    const std::string ending = Lower(entry.extension().string());
    if (IsFolder(entry)) {
      return BadFile(fmt::format("'{}' is a folder in the folder of a class", entry.string()),
                     "the pictures of a class lie in its folder itself");
    }
    if (std::ranges::find(kNotRead, ending) != kNotRead.end()) {
      return BadFile(fmt::format("'{}': {} is not read", entry.string(), ending),
                     "convert it to .png, or remove it");
    }
    if (std::ranges::find(kRead, ending) != kRead.end()) {
      pictures.push_back(entry);
    } else if (others != nullptr) {
      others->push_back(entry.string());
    }
  }
  return pictures;
}

Result<std::vector<fs::path>> FoldersIn(const fs::path& folder) {
  DELSTEP_ASSIGN(std::vector<fs::path> entries, EntriesOf(folder));
  std::erase_if(entries, [](const fs::path& entry) { return !IsFolder(entry); });
  return entries;
}

void Collect(std::vector<fs::path> pictures, std::int32_t label, Gallery& gallery) {
  gallery.labels.insert(gallery.labels.end(), pictures.size(), label);
  std::ranges::move(pictures, std::back_inserter(gallery.files));
}

Result<void> FindTraining(const fs::path& root, Gallery& gallery) {
  DELSTEP_ASSIGN(const std::vector<fs::path> folders, FoldersIn(root));
  if (folders.empty()) {
    const auto pictures = PicturesOf(root);
    const bool is_class = pictures.ok() && !pictures->empty();
    return BadFile(
        fmt::format("'{}' holds {} and no folder, expected a folder a class", root.string(),
                    is_class ? Count(pictures->size(), "picture") : "no picture"),
        is_class ? "if it is one class of several, set data.path to the folder that it lies in"
                 : "data.path/cat/1.png, or data.path/train/cat/1.png and data.path/test/...");
  }
  for (const fs::path& folder : folders) {
    DELSTEP_ASSIGN(std::vector<fs::path> pictures, PicturesOf(folder, &gallery.others));
    if (pictures.empty()) {
      return BadFile(
          fmt::format("'{}' holds no picture ({})", folder.string(), fmt::join(kRead, " ")),
          "each folder is a class: remove it, or put pictures in it");
    }
    Collect(std::move(pictures), static_cast<std::int32_t>(gallery.classes.size()), gallery);
    gallery.classes.push_back(folder.filename().string());
  }
  return {};
}

Result<void> FindTest(const fs::path& root, Gallery& gallery) {
  DELSTEP_ASSIGN(const std::vector<fs::path> folders, FoldersIn(root));
  for (const fs::path& folder : folders) {
    const auto found = std::ranges::find(gallery.classes, folder.filename().string());
    if (found == gallery.classes.end()) {
      return BadFile(
          fmt::format("class '{}' of the test part is not in the training part", folder.string()),
          "both parts have the same folders");
    }
    DELSTEP_ASSIGN(std::vector<fs::path> pictures, PicturesOf(folder, &gallery.others));
    Collect(std::move(pictures), static_cast<std::int32_t>(found - gallery.classes.begin()),
            gallery);
  }
  return {};
}

/// The folder of a part, whatever the letters: some archives have Train and Test.
std::optional<fs::path> PartOf(const fs::path& root, std::string_view name) {
  if (IsFolder(root / name)) return root / name;
  const auto entries = IsFolder(root) ? EntriesOf(root) : std::vector<fs::path>();
  if (!entries) return std::nullopt;
  for (const fs::path& entry : *entries)
    if (IsFolder(entry) && Lower(entry.filename().string()) == name) return entry;
  return std::nullopt;
}

/// Folders beside `train` and `test`, and pictures beside the folders of classes: neither is read.
std::vector<std::string> NotesOf(const fs::path& root, bool split,
                                 const std::vector<std::string>& others) {
  std::vector<std::string> notes;
  std::size_t pictures = 0;
  if (!others.empty())
    notes.push_back(fmt::format("{} among the pictures: not read, by the ending ('{}'{})",
                                Count(others.size(), "other file"), Printable(others.front()),
                                others.size() > 1 ? ", ..." : ""));
  const auto entries = EntriesOf(root);
  if (!entries) return notes;
  const bool has_test = PartOf(root, "test").has_value();
  for (const fs::path& entry : *entries) {
    const std::string name = entry.filename().string();
    const bool is_picture =
        std::ranges::find(kRead, Lower(entry.extension().string())) != kRead.end();
    if (IsFolder(entry) && split && Lower(name) != "train" && Lower(name) != "test")
      notes.push_back(
          fmt::format("'{}' is not read: {} the data set", entry.string(),
                      has_test ? "train and test beside it are" : "train beside it is"));
    pictures += !IsFolder(entry) && is_picture ? 1 : 0;
  }
  if (pictures > 0)
    notes.push_back(fmt::format("{} in '{}' itself, in no folder of a class: not read",
                                Count(pictures, "picture"), root.string()));
  return notes;
}

/// The memory behind a LoadedData. Grey as long as all pictures are.
class ImageStorage {
 public:
  ImageStorage(std::vector<std::int32_t> labels, std::size_t pixels)
      : labels_(std::move(labels)), pixels_(pixels) {
    values_.reserve(labels_.size() * pixels_);
  }

  void Add(const Picture& picture) {
    if (picture.channels > channels_) Colour();
    for (std::size_t c = 0; c < channels_ / picture.channels; ++c)
      values_.insert(values_.end(), picture.values.begin(), picture.values.end());
  }
  std::size_t channels() const { return channels_; }
  std::span<const std::uint8_t> values() const { return values_; }
  std::span<const std::int32_t> labels() const { return labels_; }

 private:
  void Colour() {
    const std::vector<std::uint8_t> grey = std::exchange(values_, {});
    channels_ = 3;
    values_.reserve(labels_.size() * pixels_ * channels_);
    for (auto at = grey.begin(); at != grey.end(); at += static_cast<std::ptrdiff_t>(pixels_))
      for (std::size_t c = 0; c < channels_; ++c)
        values_.insert(values_.end(), at, at + static_cast<std::ptrdiff_t>(pixels_));
  }

  std::vector<std::int32_t> labels_;
  std::vector<std::uint8_t> values_;
  std::size_t pixels_, channels_ = 1;
};

}  // namespace

Result<LoadedData> ReadImages(const DataOptions& options) {
  if (options.path.empty())
    return UsageError("data.name = images needs data.path",
                      "a folder with a folder of pictures a class")
        .About("data.name");
  const fs::path root = options.path;
  std::optional<fs::path> train = PartOf(root, "train");
  const std::optional<fs::path> test = PartOf(root, "test");
  // Beside cars and buses a folder Train is a class.
  if (train && !IsFolder(root / "train") && !test) train.reset();
  const bool split = train.has_value();
  Gallery gallery;
  DELSTEP_TRY(FindTraining(train.value_or(root), gallery));
  const std::size_t train_examples = gallery.files.size();
  if (split && test) DELSTEP_TRY(FindTest(*test, gallery));

  const std::size_t size = options.image_size;
  if (gallery.files.size() > kMostImageValues / (3 * size * size)) {
    return UsageError(
               fmt::format("data.image_size = {}: {} would take more than {}", size,
                           Count(gallery.files.size(), "picture"), HumanBytes(kMostImageValues)),
               "lower it")
        .About("data.image_size");
  }
  const auto storage = std::make_shared<ImageStorage>(std::move(gallery.labels), size * size);
  for (const fs::path& file : gallery.files) {
    DELSTEP_ASSIGN(const ByteBuffer content, ReadWhole(file, kMostFileBytes));
    DELSTEP_ASSIGN(const Picture picture, DecodePicture(content.bytes(), file.string(), size));
    storage->Add(picture);
  }

  LoadedData loaded;
  loaded.name = "images";
  Dataset& dataset = loaded.dataset;
  const auto side = static_cast<std::int64_t>(size);
  dataset.example_shape = {static_cast<std::int64_t>(storage->channels()), side, side};
  dataset.example_size = storage->channels() * size * size;
  dataset.bytes = storage->values();
  dataset.labels = storage->labels();
  dataset.classes = static_cast<std::int32_t>(gallery.classes.size());
  loaded.train_examples = train_examples;
  loaded.class_names = std::move(gallery.classes);
  loaded.owner = storage;
  loaded.files = {root.string()};
  loaded.notes = NotesOf(root, split, gallery.others);
  return loaded;
}

}  // namespace delstep
