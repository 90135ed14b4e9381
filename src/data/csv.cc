#include "data/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "archive/byte_source.h"
#include "base/file_kind.h"
#include "base/shortened.h"
#include "base/text.h"
#include "data/csv_field.h"
#include "data/csv_folder.h"
#include "data/csv_header.h"
#include "data/csv_index.h"
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

/// Reads files of one header, one after the other.
class CsvReader {
 public:
  explicit CsvReader(CsvFormat format) : header_(std::move(format)) {}

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
    loaded.dataset.example_shape = {static_cast<std::int64_t>(header_.columns().size()) - 1};
    loaded.dataset.example_size = header_.columns().size() - 1;
    loaded.dataset.floats = storage_->features;
    loaded.dataset.labels = storage_->labels;
    loaded.dataset.classes = static_cast<std::int32_t>(loaded.class_names.size());
    loaded.train_examples = train_examples;
    loaded.owner = storage_;
    for (const std::size_t i :
         CountingColumns(storage_->features, loaded.dataset.example_size, file_ends_))
      loaded.notes.push_back(
          CountingNote(header_.columns()[i < header_.label_column() ? i : i + 1]));
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
      return BadFile(fmt::format("column {}, the label, holds {}: a missing value",
                                 Excerpt(header_.label()), Excerpt(missing_.text)),
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

  Result<void> ReadTable(ByteSource& source) {
    CsvRecords records(source);
    DELSTEP_ASSIGN(const bool has_line, records.Next());
    if (!has_line) {
      return BadFile(fmt::format("'{}' is empty, expected {}", source.name(),
                                 header_.has_names() ? "a header and records" : "records"));
    }
    const std::size_t before = storage_->labels.size();
    DELSTEP_TRY(header_.Take(records));
    if (!header_.has_names()) DELSTEP_TRY(TakeRecord(records));
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

  /// Whether no record of this file has been taken.
  bool IsFirstRecord() const {
    return storage_->labels.size() == (file_ends_.empty() ? 0 : file_ends_.back());
  }

  Result<void> TakeRecord(const CsvRecords& records) {
    const auto fields = records.fields();
    if (fields.size() != header_.columns().size()) {
      const bool ends_empty =
          fields.size() == header_.columns().size() + 1 && fields.back().empty();
      return records.Wrong(
          fmt::format("the record has {}, the {} {}", Count(fields.size(), "field"),
                      header_.has_names() ? "header" : "first one", header_.columns().size()),
          ends_empty ? "leave out the separator at the end of the line"
          : fields.size() == header_.columns().size() + 1 && IsFirstRecord()
              ? "if the first field is the name of the row, as R writes it, leave the names out: "
                "row.names=FALSE; else quote fields that hold the separator: \"a, b\""
          : fields.size() < header_.columns().size()
              ? "the line is cut off, or a field is missing: complete it, or leave it out"
              : "quote fields that hold the separator: \"a, b\"");
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i == header_.label_column()) {
        DELSTEP_TRY(TakeLabel(records, fields[i]));
      } else if (const auto value = ParseFeature(fields[i])) {
        storage_->features.push_back(*value);
      } else {
        const FieldFault fault = WhyNoFeature(fields[i]);
        return records.Wrong(fmt::format("column {} {}", Excerpt(header_.columns()[i]), fault.what),
                             fault.hint);
      }
    }
    return {};
  }

  Result<void> TakeLabel(const CsvRecords& records, std::string_view field) {
    field = Trim(field);
    if (field.empty()) {
      return records.Wrong(fmt::format("column {}, the label, is empty",
                                       Excerpt(header_.columns()[header_.label_column()])),
                           "fill in a class, or leave the record out");
    }
    if (const auto byte = WrongByte(field)) {
      return records.Wrong(fmt::format("column {} holds the byte 0x{:02x}, which is no UTF-8",
                                       Excerpt(header_.label()), *byte),
                           saw_utf8_
                               ? kDamagedUtf8Hint
                               : EncodingHint(fmt::format("{}", fmt::join(records.fields(), " ")),
                                              records.source_name()));
    }
    DELSTEP_TRY(header_.CheckLabel(field, records));
    if (IsMissing(field) && missing_labels_++ == 0)
      missing_ = {std::string(field), fmt::format("{}:{}", records.source_name(), records.line())};
    saw_utf8_ = saw_utf8_ || std::ranges::any_of(field, [](char c) { return (c & 0x80) != 0; });
    storage_->labels.push_back(static_cast<std::int32_t>(classes_.Number(field)));
    if (classes_.size() <= kMostClasses) return {};
    return records.Wrong(fmt::format("column {} has more than {} different values",
                                     Excerpt(header_.label()), kMostClasses),
                         "a label names one of a few classes: is data.label the right column?");
  }

  /// A label as tables write it where they have none, and where it stands.
  struct MissingLabel {
    std::string text, where;
  };
  CsvHeader header_;
  MissingLabel missing_;
  std::size_t missing_labels_ = 0;
  std::vector<std::size_t> file_ends_;  // how many records there were after each file
  bool saw_utf8_ = false;  // a label or name before has a letter beyond ASCII, in UTF-8
  TextClasses classes_;
  std::shared_ptr<CsvStorage> storage_ = std::make_shared<CsvStorage>();
};

}  // namespace

Result<LoadedData> ReadCsv(const fs::path& path, const CsvFormat& format) {
  CsvReader reader(format);
  if (!IsFolder(path)) {
    DELSTEP_TRY(reader.ReadFile(path));
    DELSTEP_ASSIGN(LoadedData loaded, reader.Finish(reader.records()));
    loaded.files = {path.string()};
    return loaded;
  }
  DELSTEP_ASSIGN(const CsvFolder folder, TablesIn(path));
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
