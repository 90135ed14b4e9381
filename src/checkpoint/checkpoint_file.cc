#include "checkpoint/checkpoint_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "archive/zip.h"
#include "base/file_parts.h"
#include "base/utf8.h"

namespace delstep {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "DEL-Step checkpoint";
/// Of the entries; what is in world.bin has a version of its own.
constexpr int kVersion = 2;
constexpr const char* kWorld = "world.bin";

/// The entries that are texts for this room.
struct TextEntry {
  const char* name;
  std::string CheckpointTexts::*text;
};
constexpr std::array kTexts = {
    TextEntry{"config.toml", &CheckpointTexts::config},
    TextEntry{"origins.bin", &CheckpointTexts::origins},
    TextEntry{"environment.json", &CheckpointTexts::environment},
    TextEntry{"session.bin", &CheckpointTexts::session},
    TextEntry{"history.bin", &CheckpointTexts::history},
};

std::string ManifestOf(const CheckpointFacts& facts) {
  const Json manifest = {{"format", kFormat},
                         {"v", kVersion},
                         {"delstep", facts.program},
                         {"instruction_set", facts.instruction_set},
                         {"data", facts.data},
                         {"nodes", facts.nodes},
                         {"cycle", facts.cycle},
                         {"t", facts.time.time_since_epoch().count()},
                         {"next", facts.next.empty() ? Json() : Json(facts.next)},
                         {"from_input", facts.from_input}};
  return manifest.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Error Blame(const std::string& file, Error error) {
  error.message =
      fmt::format("'{}' is no checkpoint that can be read: {}", Printable(file), error.message);
  return error;
}

Result<const ZipEntry*> FindEntry(const ZipReader& zip, const char* name) {
  const ZipEntry* entry = zip.Find(name);
  if (entry == nullptr) return BadFile(fmt::format("it has no {}", name));
  // As it was written: a packed entry might promise more than anybody can hold.
  if (entry->method != 0 || entry->size != entry->packed_size)
    return BadFile(fmt::format("{} is packed", name));
  return entry;
}

Result<std::string> ReadEntry(const ZipReader& zip, const char* name) {
  DELSTEP_ASSIGN(const ZipEntry* entry, FindEntry(zip, name));
  DELSTEP_ASSIGN(const std::unique_ptr<ByteSource> source, zip.Read(*entry));
  std::string text(entry->size, '\0');
  DELSTEP_ASSIGN(const std::size_t size,
                 source->Read({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
  // The check sum is judged at the end, which must be asked for.
  std::uint8_t more = 0;
  DELSTEP_ASSIGN(const std::size_t rest, source->Read({&more, 1}));
  if (size != text.size() || rest != 0) return BadFile(fmt::format("{} is cut", name));
  return text;
}

/// A member that is there and of the kind of `otherwise`, else that.
template <class T>
T Member(const Json& object, const char* name, T otherwise) {
  const auto found = object.find(name);
  if (found == object.end()) return otherwise;
  if constexpr (std::is_same_v<T, std::string>)
    return found->is_string() ? found->template get<std::string>() : otherwise;
  else
    return found->is_number_integer() ? found->template get<T>() : otherwise;
}

Result<CheckpointFacts> ReadManifest(const std::string& text) {
  const Json manifest = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!manifest.is_object() || Member(manifest, "format", std::string()) != kFormat)
    return BadFile("its manifest is not one of a checkpoint");
  CheckpointFacts facts;
  facts.program = Member(manifest, "delstep", std::string());
  if (const auto version = Member(manifest, "v", std::int64_t{0}); version != kVersion)
    return BadFile(
        fmt::format("it has the format {}, and this program reads format {}", version, kVersion),
        fmt::format("resume it with delstep {}, which wrote it", facts.program));
  facts.instruction_set = Member(manifest, "instruction_set", std::string());
  facts.data = Member(manifest, "data", std::string());
  facts.nodes = Member(manifest, "nodes", std::uint64_t{0});
  facts.cycle = Member(manifest, "cycle", std::uint64_t{0});
  facts.time = SimTime(Duration(Member(manifest, "t", std::int64_t{0})));
  facts.next = Member(manifest, "next", std::string());
  const auto from_input = manifest.find("from_input");
  facts.from_input = from_input != manifest.end() && *from_input == true;
  return facts;
}

Result<void> MapState(const ZipReader& zip, const std::string& file, ReadCheckpoint& read) {
  DELSTEP_ASSIGN(const ZipEntry* entry, FindEntry(zip, kWorld));
  DELSTEP_ASSIGN(const std::uint64_t begin, zip.BeginOf(*entry));
  DELSTEP_ASSIGN(MappedFile mapped, MappedFile::Open(file));
  // It may have been replaced since it was opened.
  if (begin > mapped.view().size() || entry->size > mapped.view().size() - begin)
    return BadFile("it was replaced by another one while it was read");
  read.mapped.emplace(std::move(mapped));
  read.state_file = {.path = file, .begin = begin, .check_sum = entry->check_sum};
  read.state_size = entry->size;
  return {};
}

Result<ReadCheckpoint> ReadEntries(const std::string& file, StateReader reader) {
  DELSTEP_ASSIGN(const ZipReader zip, ZipReader::Open(file));
  ReadCheckpoint read;
  DELSTEP_ASSIGN(const std::string manifest, ReadEntry(zip, "manifest.json"));
  DELSTEP_ASSIGN(read.texts.facts, ReadManifest(manifest));
  for (const TextEntry& entry : kTexts) {
    DELSTEP_ASSIGN(read.texts.*entry.text, ReadEntry(zip, entry.name));
  }
  if (reader == StateReader::kMany) {
    DELSTEP_TRY(MapState(zip, file, read));
  } else {
    DELSTEP_ASSIGN(read.world, ReadEntry(zip, kWorld));
  }
  return read;
}

}  // namespace

// The state is written last, by all who hold parts of it, while the file has a name that nobody knows.
Result<WrittenState> WriteCheckpoint(const std::string& file, const CheckpointTexts& texts,
                                     const SavedState& world) {
  const auto bytes = [](const std::string& text) { return std::as_bytes(std::span(text)); };
  const std::string manifest = ManifestOf(texts.facts);
  WrittenState written;
  const auto write = [&](std::ostream& out, const std::string& name) -> Result<void> {
    ZipWriter zip(out);
    zip.Add("manifest.json", bytes(manifest));
    for (const TextEntry& entry : kTexts) zip.Add(entry.name, bytes(texts.*entry.text));
    const std::uint64_t begin = zip.Reserve(kWorld, world.bytes->size());
    DELSTEP_ASSIGN(StateInFile state, world.bytes->WriteInto(name, begin));
    zip.SetCheckSum(state.check_sum);
    zip.Finish();
    const auto end = out.tellp();
    written = {.bytes = end > 0 ? static_cast<Bytes>(end) : 0, .blind = std::move(state.blind)};
    return {};
  };
  DELSTEP_TRY(ReplaceFileTogether(file, write));
  return written;
}

Result<ReadCheckpoint> ReadCheckpointFile(const std::string& file, StateReader reader) {
  auto read = ReadEntries(file, reader);
  std::error_code failed;
  // Of a file that is not there, its reader has said all.
  if (!read && !std::filesystem::exists(file, failed)) return std::move(read).error();
  if (!read) return Blame(file, std::move(read).error());
  return read;
}

}  // namespace delstep
