#pragma once
/// Samples, archives and tensors for the tests of this folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "weights/tensor_file.h"

namespace delstep {

inline std::span<const std::uint8_t> Content(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// A file of samples/, which PyTorch 2.1, safetensors 0.8 and NumPy wrote.
inline std::string Sample(const std::string& name) {
  std::ifstream in(std::filesystem::path(DELSTEP_SOURCE_DIR) / "src/weights/samples" / name,
                   std::ios::binary);
  EXPECT_TRUE(in) << name;
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

using Arrays = Result<std::vector<NamedArray>>;

inline Arrays ParseSafetensors(std::string_view content) {
  MemorySource source("x.safetensors", Content(content));
  return ReadSafetensors(source);
}
inline Arrays ParseNpzTensors(std::string_view content) {
  DELSTEP_ASSIGN(const ZipReader zip, ZipReader::Parse(Content(content), "x.npz"));
  return ReadNpzTensors(zip);
}
inline Arrays ParsePt(std::string_view content) {
  DELSTEP_ASSIGN(const ZipReader zip, ZipReader::Parse(Content(content), "x.pt"));
  return ReadPt(zip);
}

/// By name; {} where the reading failed.
inline std::map<std::string, NamedArray> ByName(const Arrays& arrays) {
  EXPECT_TRUE(arrays.ok()) << (arrays.ok() ? "" : arrays.error().message);
  std::map<std::string, NamedArray> map;
  if (arrays)
    for (const NamedArray& array : *arrays) map.emplace(array.name, array);
  return map;
}

/// The error's message and hint; it must be of kind kFile.
inline std::string ErrorOf(const Arrays& arrays) {
  EXPECT_FALSE(arrays.ok());
  if (arrays.ok()) return {};
  EXPECT_EQ(arrays.error().code, ErrorCode::kFile);
  EXPECT_FALSE(arrays.error().hint.empty()) << arrays.error().message;
  return arrays.error().message + "; " + arrays.error().hint;
}

}  // namespace delstep
