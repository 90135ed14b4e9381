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
constexpr const char* kNoIndex = "name it or leave it out; of a pandas table save with index=False";

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

/// What tables have where a value is missing.
bool IsMissing(std::string_view text) {
  constexpr std::array<std::string_view, 8> kWords = {"na",   "n/a",  "#n/a", "nan",
                                                      "null", "none", "?",    "-"};
  return text.empty() || std::ranges::find(kWords, Lower(text)) != kWords.end();
}

bool AreNumbers(std::span<const std::string> fields) {
  return std::ranges::all_of(
      fields, [](const std::string& field) { return ParseFeature(field).has_value(); });
}

/// What pandas calls the column of the index, if a table was saved with it and read again.
bool IsPandasIndex(std::string_view name) {
  constexpr std::string_view kName = "Unnamed: ";
  return name.starts_with(kName) && ParseUnsigned(name.substr(kName.size())).has_value();
}

/// Reads files of one header, one after the other.
class CsvReader {
 public:
  explicit CsvReader(CsvFormat format)
      : label_(std::move(format.label)), header_(std::move(format.header)) {}

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

  bool has_header() const { return header_ != "false"; }

  Result<void> ReadTable(ByteSource& source) {
    CsvRecords records(source);
    DELSTEP_ASSIGN(const bool has_line, records.Next());
    if (!has_line) {
      return BadFile(fmt::format("'{}' is empty, expected {}", source.name(),
                                 has_header() ? "a header and records" : "records"));
    }
    const std::size_t before = storage_->labels.size();
    if (has_header()) {
      DELSTEP_TRY(TakeHeader(records));
    } else {
      DELSTEP_TRY(NumberColumns(records));
      DELSTEP_TRY(TakeRecord(records));
    }
    for (;;) {
      DELSTEP_ASSIGN(const bool more, records.Next());
      if (!more) break;
      DELSTEP_TRY(TakeRecord(records));
    }
    if (storage_->labels.size() > before) return {};
    return BadFile(fmt::format("'{}' holds a header and no record", source.name()),
                   "is its first line a record? data.header=false then");
  }

  /// Without a header: columns are called by their numbers.
  Result<void> NumberColumns(const CsvRecords& records) {
    const std::size_t count = records.fields().size();
    if (!columns_.empty()) return {};  // of a file after the first; its records are compared
    if (count == 1) return records.Wrong(OneColumn(records), SeparatorHint(records));
    for (std::size_t i = 0; i < count; ++i) columns_.push_back(fmt::format("{}", i));
    const bool from_end = label_.starts_with('-');
    const auto number = ParseUnsigned(std::string_view(label_).substr(from_end ? 1 : 0));
    const bool fits = number && (from_end ? *number >= 1 && *number <= count : *number < count);
    if (!fits) {
      return UsageError(
                 fmt::format("data.label = {}: without a header it is the number of a column, from "
                             "0 to {}; -1 is the last one",
                             Quoted(label_), count - 1),
                 "data.label=-1 where the class stands last, data.label=0 where it stands first")
          .About("data.label");
    }
    label_column_ = from_end ? count - *number : *number;
    return {};
  }

  static std::string OneColumn(const CsvRecords& records) {
    return fmt::format("found one column, {}; a label and features are at least two",
                       Quoted(records.fields().front()));
  }
  /// A separator that is none of those that are known.
  static std::string SeparatorHint(const CsvRecords& records) {
    const std::string_view field = records.fields().front();
    const bool has_blanks = Trim(field).find(' ') != std::string_view::npos;
    return has_blanks ? "fields are separated by a comma, a semicolon, a tab or a bar; to replace "
                        "blanks: tr -s ' ' ',' < FILE > NEW"
                      : "fields are separated by a comma, a semicolon, a tab or a bar";
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
    if (header_ == "auto" && columns_.size() > 1 && AreNumbers(columns_)) {
      return records.Wrong(
          "the first line holds numbers alone: names of columns, or a record?",
          "a record: data.header=false, and data.label is the number of a column, from 0, or -1 "
          "for the last one; names: data.header=true");
    }
    DELSTEP_TRY(CheckNames(records));
    const auto found = std::ranges::find(columns_, label_);
    if (found == columns_.end()) return NoLabel(records);
    if (columns_.size() == 1)
      return records.Wrong("the header has no column besides the label, so there is no feature",
                           SeparatorHint(records));
    label_column_ = static_cast<std::size_t>(found - columns_.begin());
    return {};
  }

  Result<void> CheckNames(const CsvRecords& records) const {
    const auto unnamed = std::ranges::find(columns_, "");
    if (unnamed != columns_.end()) {
      return records.Wrong(
          fmt::format("column {} of the header has no name", unnamed - columns_.begin() + 1),
          kNoIndex);
    }
    const auto index = std::ranges::find_if(columns_, IsPandasIndex);
    if (index != columns_.end()) {
      return records.Wrong(
          fmt::format("column {} is called {}: it had no name when pandas read the table, and is "
                      "mostly the number of the row",
                      index - columns_.begin() + 1, Quoted(*index)),
          kNoIndex);
    }
    std::vector<std::string_view> sorted(columns_.begin(), columns_.end());
    std::ranges::sort(sorted);
    const auto twice = std::ranges::adjacent_find(sorted);
    if (twice == sorted.end()) return {};
    return records.Wrong(fmt::format("two columns are called {}", Quoted(*twice)),
                         "rename one of them, or leave it out");
  }

  Error NoLabel(const CsvRecords& records) const {
    // All but one: of a table without a header, a class may be a text.
    const auto numbers = std::ranges::count_if(
        columns_, [](const std::string& name) { return ParseFeature(name).has_value(); });
    const bool is_record = numbers > 0 && static_cast<std::size_t>(numbers) + 1 >= columns_.size();
    const std::string slip = DidYouMean(label_, columns_);
    return records.Wrong(
        fmt::format("no column {} (data.label) in the header; it has {}", Quoted(label_),
                    CutToWidth(Printable(Join(columns_, ", ")), 300)),
        columns_.size() == 1 ? SeparatorHint(records)
        : is_record    ? "if the first line is a record: data.header=false, and data.label is "
                         "the number of a column, from 0, or -1 for the last one"
        : slip.empty() ? "set data.label to the column that holds the class"
                       : slip);
  }

  Result<void> TakeRecord(const CsvRecords& records) {
    const auto fields = records.fields();
    if (fields.size() != columns_.size()) {
      const bool ends_empty = fields.size() == columns_.size() + 1 && fields.back().empty();
      return records.Wrong(
          fmt::format("the record has {}, the {} {}", Count(fields.size(), "field"),
                      has_header() ? "header" : "first one", columns_.size()),
          ends_empty ? "leave out the separator at the end of the line"
          : fields.size() < columns_.size()
              ? "the line is cut off, or a field is missing: complete it, or leave it out"
              : "quote fields that hold the separator: \"a, b\"");
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
    const std::string name = Quoted(columns_[column]);
    if (field.empty()) {
      return records.Wrong(fmt::format("column {} is empty", name),
                           "fill in a number, or leave the record out");
    }
    if (IsMissing(field)) {
      return records.Wrong(fmt::format("column {} holds {}: a missing value", name, Quoted(field)),
                           "fill in a number, or leave the record out (pandas: fillna, dropna)");
    }
    std::string point(field);
    std::ranges::replace(point, ',', '.');
    const std::string lower = Lower(field);
    return records.Wrong(
        fmt::format("column {} holds {}, which is no finite number", name, Quoted(field)),
        point != field && ParseFeature(point) ? "write a decimal point: " + point
        : lower == "true" || lower == "false"
            ? "write 1 and 0 (pandas: .astype(int))"
            : "features are decimal numbers such as -0.5; turn texts into numbers "
              "(pandas.get_dummies), or leave the column out");
  }

  Result<void> TakeLabel(const CsvRecords& records, std::string_view field) {
    field = Trim(field);
    if (field.empty()) {
      return records.Wrong(
          fmt::format("column {}, the label, is empty", Quoted(columns_[label_column_])),
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

  std::string label_, header_;
  std::vector<std::string> columns_;
  std::size_t label_column_ = 0;
  TextClasses classes_;
  std::shared_ptr<CsvStorage> storage_ = std::make_shared<CsvStorage>();
};

/// The files of a folder.
struct CsvFolder {
  std::vector<fs::path> files;
  bool is_split = false;             ///< they are a training and a test part
  std::vector<std::string> notes{};  ///< of tables that are not read
};

Result<CsvFolder> FilesOf(const fs::path& folder) {
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
  if (parts[0].empty() || parts[1].empty()) return CsvFolder{.files = std::move(files)};
  CsvFolder split{.files = {parts.begin(), parts.end()}, .is_split = true};
  for (const fs::path& file : files)
    if (file != parts[0] && file != parts[1])
      split.notes.push_back(fmt::format(
          "'{}' is not read: train.csv and test.csv beside it are the data set", file.string()));
  return split;
}

std::string SourceName(const fs::path& file) {
  const std::string name = file.filename().string();
  return Printable(name.substr(0, Lower(name).rfind(".csv")));
}

}  // namespace

Result<LoadedData> ReadCsv(const fs::path& path, const CsvFormat& format) {
  CsvReader reader(format);
  if (!IsFolder(path)) {
    DELSTEP_TRY(reader.ReadFile(path));
    DELSTEP_ASSIGN(LoadedData loaded, reader.Finish(reader.records()));
    loaded.files = {path.string()};
    return loaded;
  }
  DELSTEP_ASSIGN(const CsvFolder folder, FilesOf(path));
  const auto& [files, is_split, notes] = folder;
  std::vector<std::size_t> ends;
  for (const fs::path& file : files) {
    DELSTEP_TRY(reader.ReadFile(file));
    ends.push_back(reader.records());
  }
  DELSTEP_ASSIGN(LoadedData loaded, reader.Finish(is_split ? ends.front() : ends.back()));
  loaded.notes = notes;
  for (std::size_t i = 0; i < files.size(); ++i) {
    loaded.files.push_back(files[i].string());
    if (is_split) continue;
    loaded.sources.resize(ends[i], static_cast<std::uint32_t>(i));
    loaded.source_names.push_back(SourceName(files[i]));
  }
  return loaded;
}

Result<LoadedData> ParseCsv(std::span<const std::uint8_t> content, const std::string& name,
                            const CsvFormat& format) {
  MemorySource source(name, content);
  CsvReader reader(format);
  DELSTEP_TRY(reader.ReadSource(source));
  return reader.Finish(reader.records());
}

}  // namespace delstep
