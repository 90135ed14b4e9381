#include "learning/tensorflow/signatures.h"

#include <charconv>
#include <optional>
#include <utility>

#include "learning/tensorflow/wire.h"

namespace delstep {
namespace {

/// Calls take(field) for each field of a message; false: the bytes are damaged.
template <class Take>
bool EachField(std::span<const std::byte> bytes, Take take) {
  WireReader reader(bytes);
  while (const auto field = reader.Next())
    if (!take(*field)) return false;
  return reader.ok();
}

/// An entry of a map<string, message>.
struct Entry {
  std::string key;
  std::span<const std::byte> value;
};
std::optional<Entry> ReadEntry(std::span<const std::byte> bytes) {
  Entry entry;
  const bool ok = EachField(bytes, [&](const WireField& field) {
    if (field.number == 1) entry.key = field.text();
    if (field.number == 2) entry.value = field.bytes;
    return true;
  });
  return ok ? std::optional(entry) : std::nullopt;
}

/// TensorShapeProto: dim (2) with size (1), unknown_rank (3).
bool ReadShape(std::span<const std::byte> bytes, Port& port) {
  return EachField(bytes, [&](const WireField& field) {
    if (field.number == 3) port.known_rank = field.value == 0;
    if (field.number != 2) return true;
    std::int64_t size = 0;
    const bool ok = EachField(field.bytes, [&](const WireField& dim) {
      if (dim.number == 1) size = static_cast<std::int64_t>(dim.value);
      return true;
    });
    port.shape.push_back(size);
    return ok;
  });
}

/// TensorInfo: name (1), dtype (2), tensor_shape (3).
std::optional<Port> ReadPort(std::span<const std::byte> bytes) {
  Port port;
  const bool ok = EachField(bytes, [&](const WireField& field) {
    if (field.number == 1) port.tensor = field.text();
    if (field.number == 2) port.type = static_cast<int>(field.value & 0xffff);
    return field.number != 3 || ReadShape(field.bytes, port);
  });
  return ok ? std::optional(port) : std::nullopt;
}

/// SignatureDef: inputs (1), outputs (2), both maps by name.
bool ReadSignature(std::span<const std::byte> bytes, Signature& signature) {
  return EachField(bytes, [&](const WireField& field) {
    if (field.number != 1 && field.number != 2) return true;
    const auto entry = ReadEntry(field.bytes);
    const auto port = entry ? ReadPort(entry->value) : std::nullopt;
    if (!port) return false;
    (field.number == 1 ? signature.inputs : signature.outputs)[entry->key] = *port;
    return true;
  });
}

/// NodeDef: op (2).
bool ReadNode(std::span<const std::byte> bytes, std::set<std::string>& operations) {
  return EachField(bytes, [&](const WireField& field) {
    if (field.number == 2) operations.insert(field.text());
    return true;
  });
}

/// The nodes in field `number` of a message.
bool ReadNodes(std::span<const std::byte> bytes, std::uint32_t number,
               std::set<std::string>& operations) {
  return EachField(bytes, [&](const WireField& field) {
    return field.number != number || ReadNode(field.bytes, operations);
  });
}

bool ReadGraph(std::span<const std::byte> bytes, std::set<std::string>& operations) {
  constexpr std::uint32_t kNode = 1, kLibrary = 2, kFunction = 1, kNodeOfFunction = 3;
  return ReadNodes(bytes, kNode, operations) && EachField(bytes, [&](const WireField& field) {
           return field.number != kLibrary ||
                  EachField(field.bytes, [&](const WireField& function) {
                    return function.number != kFunction ||
                           ReadNodes(function.bytes, kNodeOfFunction, operations);
                  });
         });
}

Error Damaged() { return BadFile("the graph of the SavedModel is damaged"); }

}  // namespace

Result<std::set<std::string>> ReadOperations(std::span<const std::byte> bytes) {
  std::set<std::string> operations;
  const bool ok = EachField(bytes, [&](const WireField& field) {
    return field.number != 2 || ReadGraph(field.bytes, operations);
  });
  if (!ok) return Damaged();
  return operations;
}

Result<Signatures> ReadSignatures(std::span<const std::byte> bytes) {
  Signatures signatures;
  const bool ok = EachField(bytes, [&](const WireField& field) {
    // MetaGraphDef: signature_def (5), a map by name.
    if (field.number != 5) return true;
    const auto entry = ReadEntry(field.bytes);
    return entry && ReadSignature(entry->value, signatures[entry->key]);
  });
  if (!ok) return Damaged();
  return signatures;
}

OutputName SplitOutputName(const std::string& tensor) {
  const std::size_t colon = tensor.rfind(':');
  OutputName name{tensor.substr(0, colon), 0};
  if (colon == std::string::npos) return name;
  const char* begin = tensor.data() + colon + 1;
  const char* end = tensor.data() + tensor.size();
  if (const auto [stop, error] = std::from_chars(begin, end, name.index);
      error != std::errc() || stop != end || name.index < 0)
    return {tensor, 0};
  return name;
}

}  // namespace delstep
