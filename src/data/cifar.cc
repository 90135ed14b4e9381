#include "data/cifar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

#include "archive/byte_source.h"
#include "base/files.h"
#include "base/text.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPictureSize = 3 * 32 * 32;
constexpr const char* kOtherFile =
    "the file is damaged or not of the binary version: fetch it again, or check data.name";

/// `records` are whole ones, the first at `offset` of the content.
Result<void> TakeRecords(const std::string& name, const CifarLabel& label, std::uint64_t offset,
                         std::span<const std::uint8_t> records, CifarPictures& into) {
  const std::size_t size = label.bytes + kPictureSize, count = records.size() / size;
  const std::span<std::uint8_t> room = into.pixels.Extend(count * kPictureSize);
  if (room.size() < count * kPictureSize) {
    return BadFile(fmt::format("'{}': no memory for its pictures", name),
                   "free some memory or use a smaller data set");
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::span<const std::uint8_t> record = records.subspan(i * size, size);
    const std::int32_t found = record[label.which];
    if (found >= label.classes) {
      return BadFile(fmt::format("'{}', byte {}: found label {}, expected 0 to {}", name,
                                 offset + i * size + label.which, found, label.classes - 1),
                     kOtherFile);
    }
    std::memcpy(&room[i * kPictureSize], &record[label.bytes], kPictureSize);
    into.labels.push_back(found);
  }
  return {};
}

Result<void> ReadRecords(ByteSource& source, const CifarLabel& label,
                         std::span<const std::uint8_t> first_bytes, CifarPictures& into) {
  // A few records at a time: the file need not fit twice into memory.
  constexpr std::size_t kAtOnce = 64;
  const std::size_t record = label.bytes + kPictureSize;
  std::vector<std::uint8_t> buffer(kAtOnce * record);
  std::ranges::copy(first_bytes, buffer.begin());
  std::size_t have = first_bytes.size();
  for (std::uint64_t offset = 0;; offset += have, have = 0) {
    DELSTEP_ASSIGN(const std::size_t got, source.Read(std::span(buffer).subspan(have)));
    have += got;
    if (have % record != 0 || offset + have == 0) {
      return BadFile(fmt::format("'{}' ends after {} bytes, expected a multiple of {} (a picture "
                                 "and its {})",
                                 source.name(), offset + have, record, Count(label.bytes, "label")),
                     kOtherFile);
    }
    DELSTEP_TRY(TakeRecords(source.name(), label, offset, std::span(buffer).first(have), into));
    if (have < buffer.size()) return {};
  }
}

Result<void> ReadSource(ByteSource& source, const CifarLabel& label, CifarPictures& into) {
  std::array<std::uint8_t, 2> first{};
  DELSTEP_ASSIGN(const std::size_t have, source.Read(first));
  const auto first_bytes = std::span(first).first(have);
  if (!IsGzip(first_bytes)) return ReadRecords(source, label, first_bytes, into);
  InflateSource unpacked(source, Packing::kGzip, first_bytes);
  return ReadRecords(unpacked, label, {}, into);
}

/// The lines of a file of names if there is one for each class, else nothing: names are a comfort.
std::vector<std::string> ReadNames(const fs::path& path, std::int32_t classes) {
  constexpr std::size_t kMostBytes = 1 << 16;
  const auto text = ReadText(path, kMostBytes);
  if (!text) return {};
  std::vector<std::string> names;
  for (const std::string_view line : Split(*text, '\n'))
    if (const std::string_view name = Trim(line); !name.empty()) names.emplace_back(name);
  // A file of other names would name classes wrongly.
  if (names.size() != static_cast<std::size_t>(classes)) names.clear();
  return names;
}

Result<LoadedData> ReadCifar(const WantedFiles& wanted, const CifarLabel& label,
                             const std::string& names, const fs::path& path,
                             const DataFolders& usual) {
  DELSTEP_ASSIGN(const std::vector<fs::path> files, FindFiles(wanted, path, usual));
  const auto storage = std::make_shared<CifarPictures>();
  LoadedData loaded;
  for (const fs::path& file : files) {
    loaded.train_examples = storage->labels.size();  // the last file is the test part
    DELSTEP_ASSIGN(FileSource source, FileSource::Open(file, "gzip"));
    DELSTEP_TRY(ReadSource(source, label, *storage));
    loaded.files.push_back(file.string());
  }
  loaded.name = wanted.name;
  loaded.dataset.example_shape = {3, 32, 32};
  loaded.dataset.example_size = kPictureSize;
  loaded.dataset.bytes = storage->pixels.bytes();
  loaded.dataset.labels = storage->labels;
  loaded.dataset.classes = label.classes;
  loaded.class_names = ReadNames(files.front().parent_path() / names, label.classes);
  loaded.owner = storage;
  return loaded;
}

}  // namespace

WantedFiles Cifar10Files() {
  return {"cifar-10",
          {"cifar-10-batches-bin"},
          {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
           "data_batch_5.bin", "test_batch.bin"}};
}

WantedFiles Cifar100Files() {
  return {"cifar-100", {"cifar-100-binary"}, {"train.bin", "test.bin"}};
}

Result<LoadedData> ReadCifar10(const fs::path& path, const DataFolders& usual) {
  return ReadCifar(Cifar10Files(), {1, 0, 10}, "batches.meta.txt", path, usual);
}

Result<LoadedData> ReadCifar100(bool coarse, const fs::path& path, const DataFolders& usual) {
  return ReadCifar(Cifar100Files(), coarse ? CifarLabel{2, 0, 20} : CifarLabel{2, 1, 100},
                   coarse ? "coarse_label_names.txt" : "fine_label_names.txt", path, usual);
}

Result<void> ParseCifar(std::span<const std::uint8_t> content, const std::string& name,
                        const CifarLabel& label, CifarPictures& into) {
  MemorySource source(name, content);
  return ReadSource(source, label, into);
}

}  // namespace delstep
