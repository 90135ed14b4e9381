#include "recording/tensorboard.h"

#include <array>
#include <bit>
#include <cassert>

namespace delstep {
namespace {

// Types of a protocol buffer's fields.
constexpr unsigned kVarint = 0, kEightBytes = 1, kText = 2, kFourBytes = 5;

std::array<std::uint32_t, 256> MakeCrcTable() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t rest = byte;
    // The polynomial 0x1EDC6F41 with its bits reversed, as the bits of a byte come lowest first.
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1) ^ ((rest & 1) != 0 ? 0x82F63B78u : 0u);
    table[byte] = rest;
  }
  return table;
}

template <class Number>
std::string LittleEndian(Number number) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof number; ++i)
    bytes += static_cast<char>(number >> (8 * i) & 0xff);
  return bytes;
}

/// Seven bits in each byte, lowest first; the highest bit says that more follow.
std::string Varint(std::uint64_t number) {
  std::string bytes;
  for (; number >= 0x80; number >>= 7) bytes += static_cast<char>((number & 0x7f) | 0x80);
  return bytes + static_cast<char>(number);
}

std::string FieldKey(unsigned field, unsigned type) { return Varint(field << 3 | type); }
std::string TextField(unsigned field, std::string_view text) {
  return (FieldKey(field, kText) + Varint(text.size())).append(text);
}
std::string WallTime(double seconds) {
  return FieldKey(1, kEightBytes) + LittleEndian(std::bit_cast<std::uint64_t>(seconds));
}

std::string Scalar(const MetricRow& row) {
  const auto value = std::bit_cast<std::uint32_t>(static_cast<float>(row.value));
  return TextField(1, TensorboardTag(row)) + FieldKey(2, kFourBytes) + LittleEndian(value);
}

}  // namespace

std::uint32_t Crc32c(std::string_view data) {
  static const std::array<std::uint32_t, 256> kTable = MakeCrcTable();
  std::uint32_t crc = ~0u;
  for (const char c : data) crc = (crc >> 8) ^ kTable[(crc ^ static_cast<unsigned char>(c)) & 0xff];
  return ~crc;
}

std::uint32_t MaskedCrc32c(std::string_view data) {
  const std::uint32_t crc = Crc32c(data);
  return std::rotr(crc, 15) + 0xa282ead8u;
}

std::string TensorboardRecord(std::string_view data) {
  const std::string length = LittleEndian(std::uint64_t{data.size()});
  std::string record = length + LittleEndian(MaskedCrc32c(length));
  record += data;
  return record + LittleEndian(MaskedCrc32c(data));
}

std::string TensorboardHeader() {
  return TensorboardRecord(WallTime(0) + TextField(3, "brain.Event:2"));
}

std::string TensorboardTag(const MetricRow& row) {
  std::string tag(row.metric);
  std::string_view figure;
  // "/mean" of a metric goes to the end, after the group.
  if (const auto slash = tag.rfind('/'); row.node.empty() && slash != std::string::npos) {
    figure = std::string_view(row.metric).substr(slash);
    tag.resize(slash);
  }
  if (const auto colon = tag.find(':'); colon != std::string::npos)
    tag[colon] = '/';
  else if (tag.starts_with("test_"))
    tag += "/general";
  if (!row.node.empty()) return tag.append(1, '/').append(row.node);
  if (row.group != "all") tag.append(1, '/').append(row.group);
  return tag.append(figure);
}

std::string TensorboardScalars(const std::vector<MetricRow>& rows) {
  if (rows.empty()) return {};
  std::string summary;
  for (const MetricRow& row : rows) {
    assert(row.step == rows.front().step && row.sim_time == rows.front().sim_time);
    summary += TextField(1, Scalar(row));
  }
  return TensorboardRecord(WallTime(rows.front().sim_time) + FieldKey(2, kVarint) +
                           Varint(rows.front().step) + TextField(5, summary));
}

}  // namespace delstep
