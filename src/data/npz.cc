#include "data/npz.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "archive/npy.h"
#include "archive/zip.h"
#include "base/text.h"
#include "base/utf8.h"
#include "data/npz_labels.h"

namespace delstep {
namespace {

/// What the arrays of a part are called.
struct NpzPart {
  std::string_view x, y;
};
struct NpzNames {
  NpzPart train, validation, test;
};

/// In small letters. What comes first is looked for first.
constexpr std::array kNpzNames = {
    NpzNames{{"x_train", "y_train"}, {"x_val", "y_val"}, {"x_test", "y_test"}},
    // MedMNIST
    NpzNames{{"train_images", "train_labels"},
             {"val_images", "val_labels"},
             {"test_images", "test_labels"}},
    NpzNames{{"train_x", "train_y"}, {"val_x", "val_y"}, {"test_x", "test_y"}},
    NpzNames{
        {"train_data", "train_labels"}, {"val_data", "val_labels"}, {"test_data", "test_labels"}},
    NpzNames{{"x", "y"}, {}, {}}, NpzNames{{"images", "labels"}, {}, {}},
    NpzNames{{"data", "labels"}, {}, {}}, NpzNames{{"features", "labels"}, {}, {}},
    NpzNames{{"data", "target"}, {}, {}}};

/// The memory behind a LoadedData.
struct NpzStorage {
  ByteBuffer features;
  NpzLabels labels;
};

struct Array {
  NpyHeader header;
  std::unique_ptr<ByteSource> source;  // after the header

  std::uint64_t examples() const { return header.shape.empty() ? 0 : header.shape[0]; }
  bool is_bytes() const { return header.kind == 'u' && header.item_size == 1; }
  Error Wrong(const std::string& what, std::string hint = {}) const {
    return BadFile(fmt::format("'{}': {}", source->name(), what), std::move(hint));
  }
};

/// Of [n, h, w, c] alone: [n, h, w] has no channels, however few columns it has.
bool HasChannelsLast(const std::vector<std::uint64_t>& array) {
  return array.size() == 4 && (array[3] == 1 || array[3] == 3 || array[3] == 4);
}

/// What an example of an array of this shape is, channels first.
std::vector<std::int64_t> ExampleShape(const std::vector<std::uint64_t>& array) {
  const std::vector<std::int64_t> shape(array.begin() + 1, array.end());
  if (shape.empty()) return {1};
  if (shape.size() == 2) return {1, shape[0], shape[1]};
  if (HasChannelsLast(array)) return {shape[2], shape[0], shape[1]};
  return shape;
}

/// Reads the parts of one file, the training part first.
class NpzReader {
 public:
  explicit NpzReader(const ZipReader& zip) : zip_(zip) {}

  Result<LoadedData> Read() {
    DELSTEP_ASSIGN(const NpzNames names, FindNames());
    DELSTEP_TRY(ReadPart(names.train.x, names.train.y));
    if (Has(names.validation.x) || Has(names.validation.y)) {
      const std::size_t before = storage_->labels.all().size();
      DELSTEP_TRY(ReadPart(names.validation.x, names.validation.y));
      notes_.push_back(fmt::format("'{}': {}, {}, are read as more of the training part",
                                   zip_.name(), names.validation.x,
                                   Count(storage_->labels.all().size() - before, "example")));
    }
    const std::size_t train = storage_->labels.all().size();
    if (Has(names.test.x) || Has(names.test.y)) DELSTEP_TRY(ReadPart(names.test.x, names.test.y));
    NoteOthers();
    LoadedData loaded;
    loaded.name = "npz";
    loaded.dataset.example_shape = shape_;
    loaded.dataset.example_size = example_size_;
    const std::span<const std::uint8_t> bytes = storage_->features.bytes();
    if (*is_bytes_) {
      loaded.dataset.bytes = bytes;
    } else {
      loaded.dataset.floats = {reinterpret_cast<const float*>(bytes.data()),
                               bytes.size() / sizeof(float)};
    }
    loaded.dataset.labels = storage_->labels.all();
    DELSTEP_ASSIGN(loaded.dataset.classes, storage_->labels.CountClasses());
    loaded.train_examples = train;
    loaded.owner = storage_;
    loaded.files = {zip_.name()};
    loaded.notes = std::move(notes_);
    return loaded;
  }

 private:
  /// The names that fit the file: those of which a training part is there.
  Result<NpzNames> FindNames() {
    for (const NpzNames& names : kNpzNames)
      if (Has(names.train.x) && Has(names.train.y)) return names;
    for (const NpzNames& names : kNpzNames)
      if (Has(names.train.x)) return Missing(names.train.y);
    return Missing("x_train");
  }

  void NoteOthers() {
    std::vector<std::string> others;
    for (const ZipEntry& entry : zip_.entries())
      if (std::ranges::find(read_, &entry) == read_.end())
        others.push_back(Printable(entry.name.substr(0, entry.name.rfind(".npy"))));
    constexpr std::size_t kMostListed = 8;
    const std::size_t more = others.size() - std::min(others.size(), kMostListed);
    if (others.empty()) return;
    others.resize(others.size() - more);
    notes_.push_back(fmt::format("'{}': not read: {}{}", zip_.name(), Join(others, ", "),
                                 more == 0 ? "" : fmt::format(", ... {} more", more)));
  }

  /// The entry of this array, with capitals or without.
  const ZipEntry* Find(std::string_view array) const {
    const auto found = std::ranges::find_if(zip_.entries(), [&](const ZipEntry& entry) {
      return Lower(entry.name) == fmt::format("{}.npy", array);
    });
    return found == zip_.entries().end() ? nullptr : &*found;
  }
  bool Has(std::string_view array) const { return !array.empty() && Find(array) != nullptr; }

  Error Missing(std::string_view array) const {
    std::vector<std::string> names;
    for (const ZipEntry& entry : zip_.entries()) {
      if (names.size() < 20) names.push_back(entry.name.substr(0, entry.name.rfind(".npy")));
    }
    return BadFile(fmt::format("'{}' holds no array {}; it holds {}", zip_.name(), array,
                               names.empty() ? "nothing" : Join(names, ", ")),
                   "numpy.savez(file, x_train=..., y_train=..., x_test=..., y_test=...), or x=... "
                   "and y=...");
  }

  Result<Array> Open(std::string_view name) {
    const ZipEntry* const entry = Find(name);
    if (entry == nullptr) return Missing(name);
    read_.push_back(entry);
    Array array;
    DELSTEP_ASSIGN(array.source, zip_.Read(*entry));
    DELSTEP_ASSIGN(array.header, ReadNpyHeader(*array.source));
    return array;
  }

  Result<void> ReadPart(std::string_view features, std::string_view labels) {
    DELSTEP_ASSIGN(Array x, Open(features));
    DELSTEP_ASSIGN(Array y, Open(labels));
    if (x.examples() == 0 || x.header.count() == 0)
      return x.Wrong(fmt::format("its shape {} holds no example", x.header.shape_text()));
    if (x.examples() != y.examples()) {
      return y.Wrong(fmt::format("its shape {} does not fit the {} examples of {}",
                                 y.header.shape_text(), x.examples(), features),
                     "the first dimension of both arrays counts examples");
    }
    DELSTEP_TRY(TakeShape(x));
    const std::size_t before = storage_->features.size();
    DELSTEP_TRY(ReadFeatures(x));
    if (HasChannelsLast(x.header.shape))
      PutChannelsFirst(storage_->features.bytes().subspan(before));
    return storage_->labels.Read(*y.source, y.header);
  }

  Result<void> TakeShape(const Array& x) {
    std::vector<std::int64_t> shape = ExampleShape(x.header.shape);
    if (is_bytes_ && (shape != shape_ || x.is_bytes() != *is_bytes_)) {
      return x.Wrong(fmt::format("its examples are not those of the training part: shape {} and "
                                 "dtype {}",
                                 x.header.shape_text(), x.header.dtype()),
                     "save both parts with one shape and one dtype");
    }
    shape_ = std::move(shape);
    is_bytes_ = x.is_bytes();
    example_size_ = x.header.count() / x.examples();
    return {};
  }

  Result<void> ReadFeatures(Array& x) {
    ByteBuffer& features = storage_->features;
    const std::size_t before = features.size();
    if (*is_bytes_) return ReadNpyValues(*x.source, x.header, features);
    if (x.header.kind == 'f' && x.header.item_size == sizeof(float)) {
      DELSTEP_TRY(ReadNpyValues(*x.source, x.header, features));
    } else {
      DELSTEP_ASSIGN(const std::vector<float> values, ReadNpyAs<float>(*x.source, x.header));
      const std::span<std::uint8_t> room = features.Extend(values.size() * sizeof(float));
      if (room.empty()) return x.Wrong("no memory for it", "save x.astype('float32')");
      std::memcpy(room.data(), values.data(), room.size());
    }
    const std::span<const std::uint8_t> bytes = features.bytes().subspan(before);
    const std::span values(reinterpret_cast<const float*>(bytes.data()),
                           bytes.size() / sizeof(float));
    const auto bad = std::ranges::find_if_not(values, [](float v) { return std::isfinite(v); });
    if (bad == values.end()) return {};
    return x.Wrong(
        fmt::format("value number {} is {}, expected a finite number", bad - values.begin(), *bad),
        "numpy.nan_to_num(x), or leave such examples out");
  }

  void PutChannelsFirst(std::span<std::uint8_t> features) const {
    const std::size_t item = *is_bytes_ ? 1 : sizeof(float);
    const auto channels = static_cast<std::size_t>(shape_[0]);
    const std::size_t pixels = example_size_ / channels;
    if (channels == 1) return;
    std::vector<std::uint8_t> example(example_size_ * item);
    for (; !features.empty(); features = features.subspan(example.size())) {
      for (std::size_t p = 0; p < pixels; ++p)
        for (std::size_t c = 0; c < channels; ++c)
          std::memcpy(&example[(c * pixels + p) * item], &features[(p * channels + c) * item],
                      item);
      std::ranges::copy(example, features.begin());
    }
  }

  const ZipReader& zip_;
  std::shared_ptr<NpzStorage> storage_ = std::make_shared<NpzStorage>();
  std::vector<std::int64_t> shape_;  // of an example, channels first
  std::size_t example_size_ = 0;
  std::optional<bool> is_bytes_;  // known after the first part
  std::vector<const ZipEntry*> read_;
  std::vector<std::string> notes_;
};

}  // namespace

Result<LoadedData> ReadNpz(const std::filesystem::path& path) {
  DELSTEP_ASSIGN(const ZipReader zip, ZipReader::Open(path));
  return NpzReader(zip).Read();
}

Result<LoadedData> ParseNpz(std::span<const std::uint8_t> content, const std::string& name) {
  DELSTEP_ASSIGN(const ZipReader zip, ZipReader::Parse(content, name));
  return NpzReader(zip).Read();
}

}  // namespace delstep
