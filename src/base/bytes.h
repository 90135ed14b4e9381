#pragma once
/// Values as bytes, for what one run of the program writes and another one reads: the state of a
/// network, a checkpoint. Whole numbers are 8 bytes, little-endian; a text or a list is its length
/// and then its items. Nothing says what a value is: who reads must ask in the order of writing, so
/// a format begins with a name and a version of its own.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace delstep {

class ByteWriter {
 public:
  void Add(std::uint64_t value) {
    char bytes[8];
    for (char& byte : bytes) {
      byte = static_cast<char>(value & 0xff);
      value >>= 8;
    }
    bytes_.append(bytes, sizeof bytes);
  }
  void Add(std::int64_t value) { Add(static_cast<std::uint64_t>(value)); }
  void Add(bool value) { Add(std::uint64_t{value}); }
  void Add(double value) { Add(std::bit_cast<std::uint64_t>(value)); }  ///< the same bits come back
  void Add(std::string_view text) {
    Add(std::uint64_t{text.size()});
    bytes_ += text;
  }
  void Add(const char* text) { Add(std::string_view(text)); }
  /// What another writer wrote, as if it had been written here.
  void Append(std::string_view written) { bytes_ += written; }

  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads what a ByteWriter wrote, or what claims to be that: the bytes may be cut, changed or made
/// up. Reading past the end, or a value that cannot be, makes the reader bad for good; from then on
/// every value is 0 or empty. So a caller reads all, and looks at ok() once, before it believes any
/// of it. A list whose length says more than there are bytes left is bad before memory is taken.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : left_(bytes) {}

  std::uint64_t Number() {
    if (left_.size() < 8) return Bad();
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;) value = value << 8 | static_cast<unsigned char>(left_[i]);
    left_.remove_prefix(8);
    return value;
  }
  /// At most `most`.
  std::uint64_t NumberUpTo(std::uint64_t most) {
    const std::uint64_t value = Number();
    return value <= most ? value : Bad();
  }
  std::int64_t Signed() { return static_cast<std::int64_t>(Number()); }
  bool Flag() { return NumberUpTo(1) == 1; }
  double Real() { return std::bit_cast<double>(Number()); }
  /// Valid as long as the bytes are.
  std::string_view Text() {
    const std::uint64_t size = Number();
    if (size > left_.size()) return Bad(), std::string_view();
    const std::string_view text = left_.substr(0, size);
    left_.remove_prefix(size);
    return text;
  }
  /// The length of a list whose items take at least `bytes` each.
  std::size_t Count(std::size_t bytes) {
    const std::uint64_t count = Number();
    return static_cast<std::size_t>(count <= left_.size() / bytes ? count : Bad());
  }
  /// For a rule of the caller's own: what was read cannot be.
  void Require(bool holds) {
    if (!holds) Bad();
  }

  bool ok() const { return ok_; }
  /// Everything was read, and all of it was good.
  bool AtEnd() const { return ok_ && left_.empty(); }

 private:
  std::uint64_t Bad() {
    ok_ = false;
    left_ = {};
    return 0;
  }

  std::string_view left_;
  bool ok_ = true;
};

}  // namespace delstep
