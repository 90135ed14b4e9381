#pragma once
/// Reader of idx files, the format of MNIST and its relatives, plain or compressed by gzip (told by
/// content, not by name).
///
/// Layout: the magic number 00 00 TYPE DIMENSIONS, one big-endian 32-bit size a dimension, then the
/// values, last dimension fastest. Read are images (TYPE 08: unsigned bytes; 3 dimensions: images,
/// rows, columns; usually named *-idx3-ubyte) and labels (TYPE 08, 1 dimension; *-idx1-ubyte).
///
/// Errors (kFile): all messages name the file, the byte, what is there and what was expected: a
/// missing or unreadable file, a folder, another magic number, a dimension of 0, too few or too
/// many bytes, corrupt or truncated gzip data. A header that promises more than there is costs no
/// memory: at most about twice the true content is ever allocated.
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "archive/byte_buffer.h"
#include "archive/byte_source.h"
#include "delstep/result.h"

namespace delstep {

/// The value is the number of dimensions.
enum class IdxKind : std::uint8_t { kLabels = 1, kImages = 3 };

/// Sizes in a header; those that labels do not have are 1. The product fits in 64 bits.
struct IdxShape {
  std::uint32_t count = 1, rows = 1, columns = 1;
  std::uint64_t size() const { return std::uint64_t{count} * rows * columns; }
  friend bool operator==(const IdxShape&, const IdxShape&) = default;
};

/// Bytes before the values.
constexpr std::size_t IdxHeaderSize(IdxKind kind) { return 4 + 4 * static_cast<std::size_t>(kind); }

/// Reads a whole file and appends its values to `into`: shape.size() bytes. After an error the
/// content of `into` is unspecified.
Result<IdxShape> ReadIdxFile(const std::filesystem::path& path, IdxKind kind, ByteBuffer& into);
/// The same from bytes in memory; `name` is what messages call them.
Result<IdxShape> ParseIdx(std::span<const std::uint8_t> content, const std::string& name,
                          IdxKind kind, ByteBuffer& into);

}  // namespace delstep
