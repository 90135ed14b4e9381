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
#include "base/odd_blank.h"
#include "base/shortened.h"
#include "base/text.h"
#include "base/utf8.h"
#include "data/csv_index.h"
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

bool AreDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// A number behind a minus sign or a dash that word processors put in its place.
bool HasOtherMinus(std::string_view field) {
  constexpr std::array<std::string_view, 3> kSigns = {"\u2212", "\u2013", "\u2014"};
  return std::ranges::any_of(kSigns, [field](std::string_view sign) {
    return field.starts_with(sign) && ParseFeature(field.substr(sign.size()));
  });
}

/// Whether all that stands before `decimal` are digits that `thousands`, if there are any, parts into
/// groups of three.
bool AreThousands(std::string_view number, char thousands, char decimal) {
  const std::size_t end = std::min(number.find(decimal), number.size());
  if (number.substr(end).find(thousands) != std::string_view::npos) return false;
  number = number.substr(0, end);
  if (number.starts_with('-') || number.starts_with('+')) number.remove_prefix(1);
  const auto groups = Split(number, thousands);
  if (groups.size() == 1) return groups[0].empty() || AreDigits(groups[0]);
  if (!AreDigits(groups[0]) || groups[0].size() > 3 || groups[0][0] == '0') return false;
  return std::ranges::all_of(std::span(groups).subspan(1), [](std::string_view group) {
    return group.size() == 3 && AreDigits(group);
  });
}

/// What may be done about a number with commas. It is never guessed what a single one before three
/// digits means: 1,234 is over a thousand here and a little more than one there.
std::string CommaHint(std::string_view field) {
  const std::size_t commas = static_cast<std::size_t>(std::ranges::count(field, ','));
  const std::size_t points = static_cast<std::size_t>(std::ranges::count(field, '.'));
  if (commas == 0) return {};
  const auto rewritten = [field](char thousands, char decimal) {
    std::string number(field);
    if (thousands != 0) std::erase(number, thousands);
    std::ranges::replace(number, decimal, '.');
    return number;
  };
  const std::string english = rewritten(',', '.'), german = rewritten('.', ',');
  const bool is_german = commas == 1 && ParseFeature(german) && AreThousands(field, '.', ',');
  const bool is_english = points <= 1 && ParseFeature(english) && AreThousands(field, ',', '.');
  if (is_german && is_english)
    return fmt::format(
        "write {} if the comma stands between thousands, {} if it is a decimal comma", english,
        german);
  if (is_english) return "write no commas between thousands: " + english;
  if (is_german && points > 0)
    return "write a decimal point, and nothing between thousands: " + german;
  return is_german ? "write a decimal point: " + german : std::string();
}

bool AreNumbers(std::span<const std::string> fields) {
  return std::ranges::all_of(
      fields, [](const std::string& field) { return ParseFeature(field).has_value(); });
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
    DELSTEP_TRY(MindMissingLabels(loaded));
    loaded.dataset.example_shape = {static_cast<std::int64_t>(columns_.size()) - 1};
    loaded.dataset.example_size = columns_.size() - 1;
    loaded.dataset.floats = storage_->features;
    loaded.dataset.labels = storage_->labels;
    loaded.dataset.classes = static_cast<std::int32_t>(loaded.class_names.size());
    loaded.train_examples = train_examples;
    loaded.owner = storage_;
    for (const std::size_t i :
         CountingColumns(storage_->features, loaded.dataset.example_size, file_ends_))
      loaded.notes.push_back(CountingNote(columns_[i < label_column_ ? i : i + 1]));
    return loaded;
  }

 private:
  /// "none" and "-" may be classes among others that go by words, but hardly one among numbers. The
  /// words of programs for a missing value are told in any case.
  Result<void> MindMissingLabels(LoadedData& loaded) const {
    if (missing_labels_ == 0) return {};
    const bool among_numbers = std::ranges::all_of(loaded.class_names, [](const std::string& name) {
      return IsMissing(name) || ParseReal(name).has_value();
    });
    if (among_numbers)
      return BadFile(fmt::format("column {}, the label, holds {}: a missing value", Excerpt(label_),
                                 Excerpt(missing_.text)),
                     "fill in a class, or leave the record out (pandas: dropna)")
          .At(missing_.where);
    constexpr std::array<std::string_view, 3> kWords = {"none", "?", "-"};
    if (std::ranges::find(kWords, Lower(missing_.text)) == kWords.end())
      loaded.notes.push_back(
          fmt::format("{}: the label {} is taken for a class ({}); if it is a missing value, leave "
                      "such records out (pandas: dropna)",
                      missing_.where, Excerpt(missing_.text), Count(missing_labels_, "record")));
    return {};
  }

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
    file_ends_.push_back(storage_->labels.size());
    if (storage_->labels.size() > before) return {};
    return BadFile(fmt::format("'{}' holds a header and no record", source.name()),
                   "is its first line a record? data.header=false then");
  }

  /// Without a header: columns are called by their numbers.
  Result<void> NumberColumns(const CsvRecords& records) {
    const std::size_t count = records.fields().size();
    if (!columns_.empty()) return {};  // of a file after the first; its records are compared
    if (count == 1) DELSTEP_TRY(NoTable(records));
    if (count == 1) return records.Wrong(OneColumn(records), SeparatorHint(records));
    for (std::size_t i = 0; i < count; ++i) columns_.push_back(fmt::format("{}", i));
    const bool from_end = label_.starts_with('-');
    const auto number = ParseUnsigned(std::string_view(label_).substr(from_end ? 1 : 0));
    const bool fits = number && (from_end ? *number >= 1 && *number <= count : *number < count);
    if (!fits) {
      return UsageError(
                 fmt::format("data.label = {}: without a header it is the number of a column, from "
                             "0 to {}; -1 is the last one",
                             Excerpt(label_), count - 1),
                 "data.label=-1 where the class stands last, data.label=0 where it stands first")
          .About("data.label");
    }
    label_column_ = from_end ? count - *number : *number;
    return {};
  }

  static std::string OneColumn(const CsvRecords& records) {
    return fmt::format("found one column, {}; a label and features are at least two",
                       Excerpt(records.fields().front()));
  }
  /// Files of other kinds that lie about as tables: their first line says what they are.
  Result<void> NoTable(const CsvRecords& records) {
    const std::string_view first = Trim(records.fields().front());
    const std::string lower = Lower(first.substr(0, 20));
    if (lower.starts_with("<?xml") || lower.starts_with("<error"))
      return records.Wrong("this is XML and no table",
                           "a download that failed often leaves an error in XML: look into the "
                           "file, and fetch it again");
    if (lower.starts_with("@relation") || lower.starts_with("% ") || lower == "%")
      return records.Wrong("this is a file of Weka (ARFF) and no table",
                           "in Python: pandas.DataFrame(scipy.io.arff.loadarff(FILE)[0])"
                           ".to_csv('table.csv', index=False)");
    if (lower.starts_with('{') || lower.starts_with('['))
      return records.Wrong("this is JSON and no table",
                           "in Python: pandas.read_json(FILE).to_csv('table.csv', index=False)");
    if (lower.starts_with('#')) {
      const bool is_header = Trim(first.substr(1)) == label_;
      return records.Wrong("the first line is a comment, expected the names of columns",
                           is_header
                               ? "leave out the # before the names: sed '1s/^# *//' FILE > NEW"
                               : "leave out the lines that begin with #: grep -v '^#' FILE > NEW");
    }
    if (IsLibsvm(first))
      return records.Wrong("this is a file of LIBSVM (label, then number:value) and no table",
                           "in Python: x, y = sklearn.datasets.load_svmlight_file(FILE); "
                           "numpy.savez('set.npz', x=x.toarray(), y=y)");
    return {};
  }

  /// A number, then pairs such as 3:0.5.
  static bool IsLibsvm(std::string_view line) {
    const auto words = Split(line, ' ');
    if (words.size() < 2 || !ParseFeature(words[0])) return false;
    return std::ranges::all_of(std::span(words).subspan(1), [](std::string_view word) {
      const std::size_t colon = word.find(':');
      return colon != word.npos && AreDigits(word.substr(0, colon)) &&
             ParseFeature(word.substr(colon + 1));
    });
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
    for (const std::string_view field : records.fields()) {
      columns.emplace_back(Trim(field));
      if (const auto byte = WrongByte(field))
        return records.Wrong(fmt::format("column {} of the header, {}, holds the byte 0x{:02x}, "
                                         "which is no UTF-8",
                                         columns.size(), Excerpt(field), *byte),
                             EncodingHint(fmt::format("{}", fmt::join(records.fields(), " ")),
                                          records.source_name()));
    }
    if (columns_.empty()) {
      columns_ = std::move(columns);
      return CheckHeader(records);
    }
    if (columns == columns_) return {};
    std::size_t at = 0;
    while (at < columns.size() && at < columns_.size() && columns[at] == columns_[at]) ++at;
    const auto name = [&](const std::vector<std::string>& some) {
      return at < some.size() ? Excerpt(some[at]) : "missing";
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
    const auto found = std::ranges::find(columns_, label_);
    if (found == columns_.end()) DELSTEP_TRY(NoTable(records));
    DELSTEP_TRY(CheckNames(records));
    if (found == columns_.end()) return NoLabel(records);
    if (columns_.size() == 1)
      return records.Wrong("the header has no column besides the label, so there is no feature",
                           SeparatorHint(records));
    label_column_ = static_cast<std::size_t>(found - columns_.begin());
    if (header_ == "auto" && NumbersBut(label_column_)) suspect_ = records.line();
    return {};
  }

  /// Whether all names but this one are numbers, as in a record whose class is a text.
  bool NumbersBut(std::size_t column) const {
    const auto names = std::span(columns_);
    return AreNumbers(names.first(column)) && AreNumbers(names.subspan(column + 1));
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
                      index - columns_.begin() + 1, Excerpt(*index)),
          kNoIndex);
    }
    std::vector<std::string_view> sorted(columns_.begin(), columns_.end());
    std::ranges::sort(sorted);
    const auto twice = std::ranges::adjacent_find(sorted);
    if (twice == sorted.end()) return {};
    return records.Wrong(fmt::format("two columns are called {}", Excerpt(*twice)),
                         "rename one of them, or leave it out");
  }

  Error NoLabel(const CsvRecords& records) const {
    // All but one: of a table without a header, a class may be a text.
    const auto numbers = std::ranges::count_if(
        columns_, [](const std::string& name) { return ParseFeature(name).has_value(); });
    const bool is_record = numbers > 0 && static_cast<std::size_t>(numbers) + 1 >= columns_.size();
    const std::string slip = DidYouMean(label_, columns_);
    return records.Wrong(
        fmt::format("no column {} (data.label) in the header; it has {}", Excerpt(label_),
                    Shortened(Join(columns_, ", "), 300)),
        columns_.size() == 1 ? SeparatorHint(records)
        : is_record    ? "if the first line is a record: data.header=false, and data.label is "
                         "the number of a column, from 0, or -1 for the last one"
        : slip.empty() ? "set data.label to the column that holds the class"
                       : slip);
  }

  /// Whether no record of this file has been taken.
  bool IsFirstRecord() const {
    return storage_->labels.size() == (file_ends_.empty() ? 0 : file_ends_.back());
  }

  Result<void> TakeRecord(const CsvRecords& records) {
    const auto fields = records.fields();
    if (fields.size() != columns_.size()) {
      const bool ends_empty = fields.size() == columns_.size() + 1 && fields.back().empty();
      return records.Wrong(
          fmt::format("the record has {}, the {} {}", Count(fields.size(), "field"),
                      has_header() ? "header" : "first one", columns_.size()),
          ends_empty ? "leave out the separator at the end of the line"
          : fields.size() == columns_.size() + 1 && IsFirstRecord()
              ? "if the first field is the name of the row, as R writes it, leave the names out: "
                "row.names=FALSE; else quote fields that hold the separator: \"a, b\""
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
    const std::string name = Excerpt(columns_[column]);
    if (field.empty()) {
      return records.Wrong(fmt::format("column {} is empty", name),
                           "fill in a number, or leave the record out");
    }
    if (IsMissing(field)) {
      return records.Wrong(fmt::format("column {} holds {}: a missing value", name, Excerpt(field)),
                           "fill in a number, or leave the record out (pandas: fillna, dropna)");
    }
    const std::string comma = CommaHint(field);
    const std::string blank = OddBlankHint(field);
    const std::string lower = Lower(field);
    return records.Wrong(
        fmt::format("column {} holds {}, which is no finite number", name, Excerpt(field)),
        !comma.empty() ? comma
        : ParseReal(field)
            ? "it is too large for a feature, at most 3.4e38 from 0: divide the column"
        : !blank.empty()       ? blank
        : HasOtherMinus(field) ? "write the minus sign of the keyboard: -"
        : lower == "true" || lower == "false"
            ? "write 1 and 0 (pandas: .astype(int))"
            : "features are decimal numbers such as -0.5; turn texts into numbers "
              "(pandas.get_dummies), or leave the column out");
  }

  Result<void> TakeLabel(const CsvRecords& records, std::string_view field) {
    field = Trim(field);
    if (field.empty()) {
      return records.Wrong(
          fmt::format("column {}, the label, is empty", Excerpt(columns_[label_column_])),
          "fill in a class, or leave the record out");
    }
    if (const auto byte = WrongByte(field)) {
      return records.Wrong(fmt::format("column {} holds the byte 0x{:02x}, which is no UTF-8",
                                       Excerpt(label_), *byte),
                           saw_utf8_
                               ? kDamagedUtf8Hint
                               : EncodingHint(fmt::format("{}", fmt::join(records.fields(), " ")),
                                              records.source_name()));
    }
    if (suspect_ > 0 && field == label_) {
      return BadFile(fmt::format("{} is the name of a column, and a class too (line {}): names of "
                                 "columns, or a record?",
                                 Excerpt(label_), records.line()),
                     "a record: data.header=false, and data.label is the number of a column, from "
                     "0, or -1 for the last one; names: data.header=true")
          .At(fmt::format("{}:{}", records.source_name(), suspect_));
    }
    if (IsMissing(field) && missing_labels_++ == 0)
      missing_ = {std::string(field), fmt::format("{}:{}", records.source_name(), records.line())};
    saw_utf8_ = saw_utf8_ || std::ranges::any_of(field, [](char c) { return (c & 0x80) != 0; });
    storage_->labels.push_back(static_cast<std::int32_t>(classes_.Number(field)));
    if (classes_.size() <= kMostClasses) return {};
    return records.Wrong(
        fmt::format("column {} has more than {} different values", Excerpt(label_), kMostClasses),
        "a label names one of a few classes: is data.label the right column?");
  }

  std::string label_, header_;
  std::vector<std::string> columns_;
  std::size_t label_column_ = 0;
  std::uint64_t suspect_ = 0;  // the line of a header that may be a record; 0: it is none
  /// A label as tables write it where they have none, and where it stands.
  struct MissingLabel {
    std::string text, where;
  };
  MissingLabel missing_;
  std::size_t missing_labels_ = 0;
  std::vector<std::size_t> file_ends_;  // how many records there were after each file
  bool saw_utf8_ = false;  // a label or name before has a letter beyond ASCII, in UTF-8
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
  loaded.notes.insert(loaded.notes.end(), notes.begin(), notes.end());
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
