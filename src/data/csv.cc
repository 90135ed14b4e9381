#include "data/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "archive/byte_source.h"
#include "base/file_kind.h"
#include "base/text.h"
#include "base/utf8.h"
#include "data/csv_records.h"
#include "data/folder.h"
#include "data/text_classes.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostClasses = 65536;

/// The memory behind a LoadedData.
struct CsvStorage {
  std::vector<float> features;
  std::vector<std::int32_t> labels;
};

std::string Quoted(std::string_view text) {
  return fmt::format("'{}'", CutToWidth(Printable(text), 40));
}

/// The first byte of `text` that is no UTF-8.
std::optional<unsigned char> WrongByte(std::string_view text) {
  while (const std::size_t size = CodePointSize(text)) text.remove_prefix(size);
  if (text.empty()) return std::nullopt;
  return static_cast<unsigned char>(text.front());
}

std::optional<float> ParseFeature(std::string_view text) {
  text = Trim(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  float value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && rest == end && std::isfinite(value)) return value;
  // Too small for a float is 0; the others stay wrong.
  const auto wide = ParseReal(text);
  if (error != std::errc::result_out_of_range || !wide || std::abs(*wide) > 1) return std::nullopt;
  return static_cast<float>(*wide);
}

/// Reads files of one header, one after the other.
class CsvReader {
 public:
  explicit CsvReader(std::string label) : label_(std::move(label)) {}

  Result<void> ReadFile(const fs::path& path) {
    DELSTEP_ASSIGN(FileSource source, FileSource::Open(path, "gzip"));
    return ReadSource(source);
  }

  Result<void> ReadSource(ByteSource& source) {
    std::array<std::uint8_t, 2> first{};
    DELSTEP_ASSIGN(const std::size_t have, source.Read(first));
    const auto first_bytes = std::span(first).first(have);
    if (IsGzip(first_bytes)) {
      InflateSource unpacked(source, Packing::kGzip, first_bytes);
      return ReadTable(unpacked);
    }
    Resumed whole(source, first_bytes);
    return ReadTable(whole);
  }

  std::size_t records() const { return storage_->labels.size(); }

  Result<LoadedData> Finish(std::size_t train_examples) {
    LoadedData loaded;
    loaded.name = "csv";
    loaded.class_names = classes_.Sort(storage_->labels);
    loaded.dataset.example_shape = {static_cast<std::int64_t>(columns_.size()) - 1};
    loaded.dataset.example_size = columns_.size() - 1;
    loaded.dataset.floats = storage_->features;
    loaded.dataset.labels = storage_->labels;
    loaded.dataset.classes = static_cast<std::int32_t>(loaded.class_names.size());
    loaded.train_examples = train_examples;
    loaded.owner = storage_;
    return loaded;
  }

 private:
  /// A source of which some bytes were already read.
  class Resumed final : public ByteSource {
   public:
    Resumed(ByteSource& rest, std::span<const std::uint8_t> first)
        : ByteSource(rest.name()), first_(rest.name(), first), rest_(rest) {}
    Result<std::size_t> Read(std::span<std::uint8_t> into) override {
      DELSTEP_ASSIGN(const std::size_t first, first_.Read(into));
      DELSTEP_ASSIGN(const std::size_t more, rest_.Read(into.subspan(first)));
      return first + more;
    }
    std::optional<std::uint64_t> remaining() const override { return std::nullopt; }

   private:
    MemorySource first_;
    ByteSource& rest_;
  };

  Result<void> ReadTable(ByteSource& source) {
    CsvRecords records(source);
    DELSTEP_ASSIGN(const bool has_header, records.Next());
    if (!has_header) {
      return BadFile(fmt::format("'{}' is empty, expected a header and records", source.name()));
    }
    DELSTEP_TRY(TakeHeader(records));
    const std::size_t before = storage_->labels.size();
    for (;;) {
      DELSTEP_ASSIGN(const bool more, records.Next());
      if (!more) break;
      DELSTEP_TRY(TakeRecord(records));
    }
    if (storage_->labels.size() > before) return {};
    return BadFile(fmt::format("'{}' holds a header and no record", source.name()));
  }

  Result<void> TakeHeader(const CsvRecords& records) {
    std::vector<std::string> columns;
    for (const std::string_view field : records.fields()) columns.emplace_back(Trim(field));
    if (columns_.empty()) {
      columns_ = std::move(columns);
      return CheckHeader(records);
    }
    if (columns == columns_) return {};
    std::size_t at = 0;
    while (at < columns.size() && at < columns_.size() && columns[at] == columns_[at]) ++at;
    const auto name = [&](const std::vector<std::string>& some) {
      return at < some.size() ? Quoted(some[at]) : "missing";
    };
    return records.Wrong(fmt::format("column {} is {}, but {} in the file before", at + 1,
                                     name(columns), name(columns_)),
                         "all files of a folder need the same header");
  }

  Result<void> CheckHeader(const CsvRecords& records) {
    const auto unnamed = std::ranges::find(columns_, "");
    if (unnamed != columns_.end()) {
      return records.Wrong(
          fmt::format("column {} of the header has no name", unnamed - columns_.begin() + 1),
          "name it or leave it out; of a pandas table save with index=False");
    }
    const auto found = std::ranges::find(columns_, label_);
    if (found == columns_.end()) {
      const bool is_data = std::ranges::all_of(
          columns_, [](const std::string& name) { return ParseFeature(name).has_value(); });
      const std::string slip = DidYouMean(label_, columns_);
      return records.Wrong(
          fmt::format("no column {} (data.label) in the header; it has {}", Quoted(label_),
                      CutToWidth(Printable(Join(columns_, ", ")), 300)),
          is_data        ? "the first line must be a header that names the columns"
          : slip.empty() ? "set data.label to the column that holds the class"
                         : slip);
    }
    if (std::ranges::count(columns_, label_) > 1)
      return records.Wrong(fmt::format("two columns are called {} (data.label)", Quoted(label_)));
    if (columns_.size() == 1)
      return records.Wrong("the header has no column besides the label, so there is no feature");
    label_column_ = static_cast<std::size_t>(found - columns_.begin());
    return {};
  }

  Result<void> TakeRecord(const CsvRecords& records) {
    const auto fields = records.fields();
    if (fields.size() != columns_.size()) {
      return records.Wrong(fmt::format("the record has {}, the header {}",
                                       Count(fields.size(), "field"), columns_.size()),
                           "quote fields that hold the separator: \"a, b\"");
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i == label_column_) {
        DELSTEP_TRY(TakeLabel(records, fields[i]));
      } else if (const auto value = ParseFeature(fields[i])) {
        storage_->features.push_back(*value);
      } else {
        return NoNumber(records, i);
      }
    }
    return {};
  }

  Error NoNumber(const CsvRecords& records, std::size_t column) const {
    const std::string_view field = Trim(records.fields()[column]);
    if (field.empty()) {
      return records.Wrong(fmt::format("column {} is empty", Quoted(columns_[column])),
                           "fill in a number, or leave the record out");
    }
    return records.Wrong(
        fmt::format("column {} holds {}, which is no finite number", Quoted(columns_[column]),
                    Quoted(field)),
        "features are decimal numbers such as -0.5; turn texts into numbers (pandas.get_dummies), "
        "or leave the column out");
  }

  Result<void> TakeLabel(const CsvRecords& records, std::string_view field) {
    field = Trim(field);
    if (field.empty()) {
      return records.Wrong(fmt::format("column {}, the label, is empty", Quoted(label_)),
                           "fill in a class, or leave the record out");
    }
    if (const auto byte = WrongByte(field)) {
      return records.Wrong(fmt::format("column {} holds the byte 0x{:02x}, which is no UTF-8",
                                       Quoted(label_), *byte),
                           EncodingHint(field, records.source_name()));
    }
    storage_->labels.push_back(static_cast<std::int32_t>(classes_.Number(field)));
    if (classes_.size() <= kMostClasses) return {};
    return records.Wrong(
        fmt::format("column {} has more than {} different values", Quoted(label_), kMostClasses),
        "a label names one of a few classes: is data.label the right column?");
  }

  std::string label_;
  std::vector<std::string> columns_;
  std::size_t label_column_ = 0;
  TextClasses classes_;
  std::shared_ptr<CsvStorage> storage_ = std::make_shared<CsvStorage>();
};

/// The files of the folder, and whether they are a training and a test part.
Result<std::pair<std::vector<fs::path>, bool>> FilesOf(const fs::path& folder) {
  DELSTEP_ASSIGN(const std::vector<fs::path> entries, EntriesOf(folder));
  std::vector<fs::path> files;
  std::array<fs::path, 2> parts;
  for (const fs::path& entry : entries) {
    const std::string name = Lower(entry.filename().string());
    if (!name.ends_with(".csv") && !name.ends_with(".csv.gz")) continue;
    files.push_back(entry);
    if (name.starts_with("train.csv")) parts[0] = entry;
    if (name.starts_with("test.csv")) parts[1] = entry;
  }
  if (files.empty()) {
    return BadFile(fmt::format("folder '{}' holds no .csv file", folder.string()),
                   "set data.path to a .csv file or to a folder with some");
  }
  if (parts[0].empty() || parts[1].empty()) return std::pair(std::move(files), false);
  return std::pair(std::vector<fs::path>(parts.begin(), parts.end()), true);
}

std::string SourceName(const fs::path& file) {
  const std::string name = file.filename().string();
  return Printable(name.substr(0, Lower(name).rfind(".csv")));
}

}  // namespace

Result<LoadedData> ReadCsv(const fs::path& path, const std::string& label) {
  CsvReader reader(label);
  if (!IsFolder(path)) {
    DELSTEP_TRY(reader.ReadFile(path));
    DELSTEP_ASSIGN(LoadedData loaded, reader.Finish(reader.records()));
    loaded.files = {path.string()};
    return loaded;
  }
  DELSTEP_ASSIGN(const auto found, FilesOf(path));
  const auto& [files, is_split] = found;
  std::vector<std::size_t> ends;
  for (const fs::path& file : files) {
    DELSTEP_TRY(reader.ReadFile(file));
    ends.push_back(reader.records());
  }
  DELSTEP_ASSIGN(LoadedData loaded, reader.Finish(is_split ? ends.front() : ends.back()));
  for (std::size_t i = 0; i < files.size(); ++i) {
    loaded.files.push_back(files[i].string());
    if (is_split) continue;
    loaded.sources.resize(ends[i], static_cast<std::uint32_t>(i));
    loaded.source_names.push_back(SourceName(files[i]));
  }
  return loaded;
}

Result<LoadedData> ParseCsv(std::span<const std::uint8_t> content, const std::string& name,
                            const std::string& label) {
  MemorySource source(name, content);
  CsvReader reader(label);
  DELSTEP_TRY(reader.ReadSource(source));
  return reader.Finish(reader.records());
}

}  // namespace delstep
