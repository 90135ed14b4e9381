#include "learning/tensorflow/signatures.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "delstep/random.h"
#include "learning/tensorflow/wire.h"

namespace delstep {
namespace {

// Messages are written here byte by byte: a field is its number and type, a length and its bytes.
std::string Bytes(int field, const std::string& content) {
  EXPECT_LT(content.size(), 128u * 128);
  std::string result(1, static_cast<char>(field << 3 | 2));
  const auto size = content.size();
  if (size >= 128) result += static_cast<char>((size & 0x7f) | 0x80);
  result += static_cast<char>(size >= 128 ? size >> 7 : size);
  return result + content;
}
std::string Number(int field, int value) {
  return {static_cast<char>(field << 3), static_cast<char>(value)};
}
std::string Entry(int field, const std::string& key, const std::string& value) {
  return Bytes(field, Bytes(1, key) + Bytes(2, value));
}
const std::string kMinusOne = std::string(9, '\xff') + '\x01';

/// f(x: float32 [?, 3]) -> y: int64 of unknown rank, made of two operations, one in a function.
std::string Graph() {
  const std::string any = std::string(1, '\x08') + kMinusOne;
  const std::string shape = Bytes(2, any) + Bytes(2, Number(1, 3));
  const std::string x = Bytes(1, "f_x:0") + Number(2, 1) + Bytes(3, shape);
  const std::string y = Bytes(1, "Call:2") + Number(2, 9) + Bytes(3, Number(3, 1));
  const std::string node = Bytes(1, "call") + Bytes(2, "Call");
  const std::string inner = Bytes(1, "r") + Bytes(2, "RandomUniform");
  const std::string graph = Bytes(1, node) + Bytes(2, Bytes(1, Bytes(3, inner)));
  return Bytes(1, "what else is there") + Bytes(2, graph) +
         Entry(5, "f", Entry(1, "x", x) + Entry(2, "y", y));
}

std::span<const std::byte> View(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

TEST(Signatures, NamesTypesAndShapesAreRead) {
  const auto signatures = ReadSignatures(View(Graph()));
  ASSERT_TRUE(signatures);
  ASSERT_EQ(signatures->size(), 1u);
  const Signature& f = signatures->at("f");
  EXPECT_EQ(f.inputs.at("x").tensor, "f_x:0");
  EXPECT_EQ(f.inputs.at("x").type, 1);
  EXPECT_EQ(f.inputs.at("x").shape, (std::vector<std::int64_t>{-1, 3}));
  EXPECT_TRUE(f.inputs.at("x").known_rank);
  EXPECT_EQ(f.outputs.at("y").type, 9);
  EXPECT_FALSE(f.outputs.at("y").known_rank);
}

TEST(Signatures, OperationsAreFoundInTheGraphAndInItsFunctions) {
  const auto operations = ReadOperations(View(Graph()));
  ASSERT_TRUE(operations);
  EXPECT_EQ(*operations, (std::set<std::string>{"Call", "RandomUniform"}));
}

TEST(Signatures, ACutOffGraphIsRefusedOrShorterNeverReadBeyond) {
  const std::string whole = Graph();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<char> part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto signatures = ReadSignatures(std::as_bytes(std::span(part)));
    const auto operations = ReadOperations(std::as_bytes(std::span(part)));
    EXPECT_TRUE(!signatures || !operations || signatures->empty()) << size;
  }
}

TEST(Signatures, DamagedBytesAreRefusedOrRead) {
  Random random({1, 2});
  for (int i = 0; i < 20000; ++i) {
    std::string damaged = Graph();
    for (int k = 0; k < 3; ++k)
      damaged[random.Below(damaged.size())] = static_cast<char>(random.Below(256));
    const std::vector<char> exact(damaged.begin(), damaged.end());
    (void)ReadSignatures(std::as_bytes(std::span(exact)));
    (void)ReadOperations(std::as_bytes(std::span(exact)));
  }
}

TEST(Wire, RefusesWhatIsNoField) {
  for (const std::string& bytes : {std::string(1, '\x00'),           // field 0
                                   std::string(1, '\x0b'),           // a group, which is obsolete
                                   std::string(11, '\xff'),          // a varint without end
                                   std::string("\x0a\x05") + "abc",  // 5 bytes, and there are 3
                                   std::string("\x0d\x01\x02")}) {   // 32 bits, and there are 16
    WireReader reader(View(bytes));
    EXPECT_FALSE(reader.Next());
    EXPECT_FALSE(reader.ok());
  }
}

TEST(Wire, PassesOverNumbersOfFixedSize) {
  const std::string bytes =
      std::string("\x0d\x01\x02\x03\x04\x11\x01\x02\x03\x04\x05\x06\x07\x08", 14) + Number(3, 7);
  WireReader reader(View(bytes));
  EXPECT_EQ(reader.Next()->number, 1u);
  EXPECT_EQ(reader.Next()->number, 2u);
  EXPECT_EQ(reader.Next()->value, 7u);
  EXPECT_FALSE(reader.Next());
  EXPECT_TRUE(reader.ok());
}

TEST(OutputNames, AreAnOperationAndANumber) {
  EXPECT_EQ(SplitOutputName("a/b:2").operation, "a/b");
  EXPECT_EQ(SplitOutputName("a/b:2").index, 2);
  EXPECT_EQ(SplitOutputName("a").index, 0);
  EXPECT_EQ(SplitOutputName("a:x").operation, "a:x");
}

}  // namespace
}  // namespace delstep
