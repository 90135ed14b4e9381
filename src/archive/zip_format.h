#pragma once
/// Numbers of the zip format; APPNOTE 6.3, section 4.
#include <cstddef>
#include <cstdint>
#include <span>

namespace delstep::zip {

constexpr std::uint32_t kLocalHeader = 0x04034b50, kCentralHeader = 0x02014b50,
                        kEndRecord = 0x06054b50, kEnd64Record = 0x06064b50,
                        kEnd64Locator = 0x07064b50;
constexpr std::size_t kLocalHeaderSize = 30, kCentralHeaderSize = 46, kEndRecordSize = 22,
                      kEnd64RecordSize = 56, kEnd64LocatorSize = 20;
constexpr std::uint16_t kStored = 0, kDeflated = 8;
constexpr std::uint16_t kEncrypted = 1, kUtf8Name = 1 << 11;  // flags
constexpr std::uint16_t kZip64Field = 1;                      // of the extra fields
constexpr std::uint16_t kSee64Short = 0xffff;                 // "look in the zip64 record"
constexpr std::uint32_t kSee64 = 0xffffffff;

/// The number in little-endian order at `offset`.
template <class T>
T LittleEndian(std::span<const std::uint8_t> bytes, std::size_t offset) {
  T value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) value = static_cast<T>(value << 8 | bytes[offset + i]);
  return value;
}
inline constexpr auto Read16 = LittleEndian<std::uint16_t>;
inline constexpr auto Read32 = LittleEndian<std::uint32_t>;
inline constexpr auto Read64 = LittleEndian<std::uint64_t>;

}  // namespace delstep::zip
