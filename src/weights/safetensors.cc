#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "weights/number_type.h"
#include "weights/tensor_file.h"

namespace delstep {
namespace {

using Json = nlohmann::json;
using NumberKind = NumberType::Kind;

constexpr std::uint64_t kMostHeaderBytes = std::uint64_t{16} << 20;
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 48;

constexpr std::array kTypes = {
    NumberType{"F32", NumberKind::kFloat, 4},    NumberType{"F16", NumberKind::kFloat, 2},
    NumberType{"BF16", NumberKind::kBfloat, 2},  NumberType{"F64", NumberKind::kFloat, 8},
    NumberType{"I64", NumberKind::kSigned, 8},   NumberType{"I32", NumberKind::kSigned, 4},
    NumberType{"I16", NumberKind::kSigned, 2},   NumberType{"I8", NumberKind::kSigned, 1},
    NumberType{"U64", NumberKind::kUnsigned, 8}, NumberType{"U32", NumberKind::kUnsigned, 4},
    NumberType{"U16", NumberKind::kUnsigned, 2}, NumberType{"U8", NumberKind::kUnsigned, 1},
    NumberType{"BOOL", NumberKind::kUnsigned, 1}};

Error Damaged(const ByteSource& source, const std::string& what) {
  return BadFile(fmt::format("'{}': {}", source.name(), what),
                 "a file of safetensors.torch.save_file(model.state_dict(), FILE) can be read");
}

/// What the header says of a tensor.
struct Entry {
  std::string name;
  NumberType type;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0, end = 0, count = 1;  // bytes after the header; numbers
};

/// Nothing else than a whole number from 0 to kMostBytes.
std::optional<std::uint64_t> Whole(const Json& value) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kMostBytes) return std::nullopt;
  return value.get<std::uint64_t>();
}

/// False where it is no shape, or of too many numbers.
bool TakeShape(const Json& sizes, Entry& entry) {
  if (!sizes.is_array() || sizes.size() > kMostTensorDimensions) return false;
  for (const Json& json : sizes) {
    const auto size = Whole(json);
    if (!size || (*size != 0 && entry.count > kMostBytes / *size)) return false;
    entry.count *= *size;
    entry.shape.push_back(static_cast<std::int64_t>(*size));
  }
  return true;
}

/// False where they are no two offsets.
bool TakeOffsets(const Json& offsets, Entry& entry) {
  if (!offsets.is_array() || offsets.size() != 2) return false;
  const auto begin = Whole(offsets[0]), end = Whole(offsets[1]);
  if (!begin || !end || *begin > *end) return false;
  entry.begin = *begin;
  entry.end = *end;
  return true;
}

Result<Entry> ParseEntry(const ByteSource& source, const std::string& name, const Json& json) {
  const auto wrong = [&](const std::string& what) {
    return Damaged(source, fmt::format("tensor '{}': {}", NameText(name), what));
  };
  Entry entry;
  entry.name = name;
  if (!json.is_object() || !json.contains("dtype") || !json.contains("shape") ||
      !json.contains("data_offsets") || !json["dtype"].is_string())
    return wrong("expected dtype, shape and data_offsets");
  const auto dtype = json["dtype"].get<std::string>();
  const auto type = std::ranges::find(kTypes, dtype, &NumberType::name);
  if (type == kTypes.end())
    return BadFile(fmt::format("'{}': tensor '{}' is of dtype {}, which cannot be read",
                               source.name(), NameText(name), JsonString(dtype.substr(0, 20))),
                   "save it as float32: {k: v.float() for k, v in state.items()}");
  entry.type = *type;
  if (!TakeShape(json["shape"], entry)) return wrong("its shape is no list of sizes");
  if (!TakeOffsets(json["data_offsets"], entry)) return wrong("its data_offsets are no range");
  if (entry.end - entry.begin != entry.count * entry.type.size)
    return wrong(fmt::format("its data_offsets span {}, its shape {} of {} asks for {}",
                             Count(entry.end - entry.begin, "byte"), ShapeText(entry.shape), dtype,
                             entry.count * entry.type.size));
  return entry;
}

Result<Json> ReadHeader(ByteSource& source) {
  std::array<std::uint8_t, 8> bytes;
  DELSTEP_ASSIGN(const std::size_t got, source.Read(bytes));
  if (got < bytes.size()) return Damaged(source, "it is too short for a safetensors file");
  std::uint64_t length = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) length = length << 8 | bytes[i];
  if (length > kMostHeaderBytes)
    return Damaged(source, fmt::format("its first 8 bytes announce a header of {} bytes; at most "
                                       "{} are read",
                                       length, HumanBytes(kMostHeaderBytes)));
  ByteBuffer text;
  DELSTEP_ASSIGN(const std::uint64_t read, Append(source, length, text));
  if (read < length)
    return Damaged(source, fmt::format("its header ends after {} of {} bytes", read, length));
  std::set<std::string> names;
  std::optional<std::string> twice;
  // A parser of JSON keeps the last of two equal keys and says nothing: so names are watched as
  // they come.
  const auto watch = [&](int depth, Json::parse_event_t event, Json& json) {
    if (event == Json::parse_event_t::key && depth == 1 &&
        !names.insert(json.get<std::string>()).second)
      twice = json.get<std::string>();
    return true;
  };
  const auto content = text.bytes();
  Json header = Json::parse(content.begin(), content.end(), watch, false);
  if (!header.is_object()) return Damaged(source, "its header is no JSON object");
  if (twice) return Damaged(source, fmt::format("it has two tensors '{}'", NameText(*twice)));
  return header;
}

/// Checks that the entries, sorted by place, fill `bytes` bytes.
Result<void> CheckPlaces(const ByteSource& source, const std::vector<Entry>& entries,
                         std::optional<std::uint64_t> bytes) {
  std::uint64_t end = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != end)
      return Damaged(source, fmt::format("tensor '{}' begins at byte {}, expected {}: tensors lie "
                                         "one behind the other",
                                         NameText(entry.name), entry.begin, end));
    end = entry.end;
  }
  if (bytes && *bytes != end)
    return Damaged(source, fmt::format("it holds {} of numbers, its header tells of {}",
                                       Count(*bytes, "byte"), end));
  return {};
}

}  // namespace

Result<std::vector<NamedArray>> ReadSafetensors(ByteSource& source) {
  DELSTEP_ASSIGN(const Json header, ReadHeader(source));
  std::vector<Entry> entries;
  for (const auto& [name, json] : header.items()) {
    // Texts about the file, no tensor.
    if (name == "__metadata__") continue;
    DELSTEP_ASSIGN(entries.emplace_back(), ParseEntry(source, name, json));
  }
  std::ranges::stable_sort(entries, {}, [](const Entry& e) { return std::pair(e.begin, e.end); });
  DELSTEP_TRY(CheckPlaces(source, entries, source.remaining()));
  std::vector<NamedArray> arrays;
  for (Entry& entry : entries) {
    ByteBuffer raw;
    DELSTEP_TRY(Append(source, entry.end - entry.begin, raw));
    MemorySource numbers(fmt::format("{}: {}", source.name(), NameText(entry.name)), raw.bytes());
    NamedArray& array = arrays.emplace_back();
    DELSTEP_ASSIGN(array.values, ReadFloats(numbers, entry.type, entry.count));
    array.name = std::move(entry.name);
    array.shape = std::move(entry.shape);
    array.dtype = entry.type.name;
  }
  return arrays;
}

void WriteSafetensors(std::ostream& out, std::span<const NamedArrayView> tensors) {
  // The wider numbers first keeps all of them aligned.
  std::vector<NamedArrayView> order(tensors.begin(), tensors.end());
  std::ranges::stable_sort(order, std::greater{}, &NamedArrayView::is_integer);
  std::string header = "{";
  std::size_t end = 0;
  for (const NamedArrayView& tensor : order) {
    const std::size_t begin = end;
    end += tensor.content.size();
    header += fmt::format(R"({}{}:{{"dtype":"{}","shape":{},"data_offsets":[{},{}]}})",
                          header.size() > 1 ? "," : "", JsonString(tensor.name),
                          tensor.is_integer ? "I64" : "F32",
                          ShapeText({tensor.shape.begin(), tensor.shape.end()}), begin, end);
  }
  header += '}';
  // Blanks at the end are allowed, and let the numbers begin aligned.
  header.append((8 - header.size() % 8) % 8, ' ');
  for (std::size_t i = 0; i < 8; ++i) out.put(static_cast<char>(header.size() >> 8 * i));
  out << header;
  for (const NamedArrayView& tensor : order)
    out.write(reinterpret_cast<const char*>(tensor.content.data()),
              static_cast<std::streamsize>(tensor.content.size()));
}

}  // namespace delstep
