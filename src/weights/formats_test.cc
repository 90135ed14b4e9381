#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstring>
#include <sstream>

#include "archive/npy.h"
#include "weights/weights_test_files.h"

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TensorFiles : public testing::Test {
 protected:
  TensorFiles() {
    AddTensorFormats(readers_, writers_);
    std::filesystem::create_directories(folder_);
  }
  ~TensorFiles() override { std::filesystem::remove_all(folder_); }

  Arrays Read(const std::filesystem::path& file) {
    DELSTEP_ASSIGN(const ReadTensors* read, readers_.FindByEnding(file.string()));
    return (*read)(file);
  }
  Result<void> Write(const std::filesystem::path& file, std::span<const NamedArrayView> tensors) {
    DELSTEP_ASSIGN(const WriteTensors* write, writers_.FindByEnding(file.string()));
    return (*write)(file, tensors);
  }

  std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) /
                                  testing::UnitTest::GetInstance()->current_test_info()->name();
  Parts<ReadTensors> readers_{"model file"};
  Parts<WriteTensors> writers_{"model file"};
};

const std::vector<float> kNumbers = {0, 0.5, 1, 1.5, 2, 2.5};
const std::vector<std::int64_t> kShape = {2, 3};
const NamedArrayView kTensor{"w", kShape, std::as_bytes(std::span(kNumbers))};

TEST_F(TensorFiles, AreReadBackAsTheyWereWritten) {
  const std::int64_t count = 7;
  const std::vector<NamedArrayView> tensors = {
      kTensor, {"bn.count", {}, std::as_bytes(std::span(&count, 1)), true}};
  for (const char* ending : {".safetensors", ".npz", ".pt", ".pth"}) {
    const auto file = folder_ / (std::string("model") + ending);
    ASSERT_TRUE(Write(file, tensors).ok());
    const auto read = ByName(Read(file));
    ASSERT_EQ(read.size(), 2u) << ending;
    EXPECT_EQ(read.at("w").values, kNumbers);
    EXPECT_EQ(read.at("w").shape, kShape);
    EXPECT_THAT(read.at("bn.count").values, ElementsAre(7));
    EXPECT_TRUE(read.at("bn.count").shape.empty());
    EXPECT_THAT(read.at("bn.count").dtype, testing::AnyOf("I64", "<i8", "torch.LongStorage"));
  }
}

TEST_F(TensorFiles, LeaveNothingBesideThem) {
  ASSERT_TRUE(Write(folder_ / "model.pt", {&kTensor, 1}).ok());
  ASSERT_TRUE(Write(folder_ / "model.pt", {&kTensor, 1}).ok());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
  const auto written = Write(folder_ / "nowhere/model.pt", {&kTensor, 1});
  ASSERT_FALSE(written.ok());
  EXPECT_THAT(written.error().message, HasSubstr("nowhere/model.pt': No such file"));
}

TEST_F(TensorFiles, AreToldApartByTheirEnding) {
  const auto read = Read("model.h5");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kUsage);
  EXPECT_EQ(read.error().message, "cannot tell the format of 'model.h5' by its ending");
  EXPECT_EQ(read.error().hint, "endings are: .safetensors, .npz, .pt, .pth, .ckpt, .bin, .pth.tar");
  EXPECT_THAT(ErrorOf(Read(folder_ / "none.pt")), HasSubstr("none.pt"));
}

TEST_F(TensorFiles, MayHoldTruthValues) {
  std::ostringstream out;
  ZipWriter zip(out);
  const std::string mask = NpyHeaderText("|b1", {2}) + std::string("\1\0", 2);
  zip.Add("mask.npy", std::as_bytes(std::span(mask)));
  zip.Finish();
  const auto read = ByName(ParseNpzTensors(out.str()));
  ASSERT_EQ(read.size(), 1u);
  EXPECT_THAT(read.at("mask").values, ElementsAre(1, 0));
}

TEST_F(TensorFiles, AreReadUnderOtherNamesOfPyTorchAndInCapitals) {
  for (const char* name : {"model.ckpt", "pytorch_model.bin", "model.pth.tar", "MODEL.PT"}) {
    std::ofstream(folder_ / name, std::ios::binary) << Sample("dict.pt");
    const auto read = Read(folder_ / name);
    EXPECT_TRUE(read.ok()) << name << (read.ok() ? "" : read.error().message);
  }
}

TEST_F(TensorFiles, OfTheOldFormatAreExplained) {
  std::ofstream(folder_ / "old.pt", std::ios::binary) << Sample("legacy.pt");
  EXPECT_THAT(ErrorOf(Read(folder_ / "old.pt")), HasSubstr("_use_new_zipfile_serialization=True"));
  // torch.load() refuses a pickle of anything else, so that the advice for the old format is none.
  std::ofstream(folder_ / "plain.pt", std::ios::binary) << "\x80\x04\x95"
                                                        << "{'fc1.weight': array}";
  const std::string plain = ErrorOf(Read(folder_ / "plain.pt"));
  EXPECT_THAT(plain, HasSubstr("plain.pt' is a pickle of Python, and no file of torch.save()"));
  EXPECT_THAT(plain, HasSubstr("numpy.savez"));
  std::ofstream(folder_ / "text.pt") << "hello";
  EXPECT_THAT(ErrorOf(Read(folder_ / "text.pt")), HasSubstr("no file of torch.save()"));
}

TEST_F(TensorFiles, OfAnotherFormatThanTheirEndingAreNamed) {
  for (const char* is : {".safetensors", ".npz", ".pt"}) {
    const auto file = folder_ / (std::string("model") + is);
    ASSERT_TRUE(Write(file, {&kTensor, 1}).ok());
    for (const char* called : {".safetensors", ".npz", ".pt", ".bin"}) {
      const auto other = folder_ / (std::string("other") + called);
      std::filesystem::copy_file(file, other, std::filesystem::copy_options::overwrite_existing);
      const auto read = Read(other);
      const bool fits = std::string_view(is) == called ||
                        (std::string_view(is) == ".pt" && std::string_view(called) == ".bin");
      EXPECT_EQ(read.ok(), fits) << is << " called " << called;
      if (fits) continue;
      EXPECT_THAT(ErrorOf(read), HasSubstr(std::string("rename it to end in ") + is));
    }
  }
  std::ofstream keras(folder_ / "model.npz", std::ios::binary);
  ZipWriter zip(keras);
  zip.Add("config.json", std::as_bytes(std::span("{}")));
  zip.Add("model.weights.h5", std::as_bytes(std::span("x")));
  zip.Finish();
  keras.close();
  EXPECT_THAT(ErrorOf(Read(folder_ / "model.npz")), HasSubstr("is a model of Keras"));
}

TEST_F(TensorFiles, OfNumPyAreRead) {
  const auto read = ByName(ParseNpzTensors(Sample("plain.npz")));
  EXPECT_EQ(read.at("w").values, kNumbers);
  EXPECT_EQ(read.at("w").shape, kShape);
  EXPECT_THAT(read.at("b").values, ElementsAre(-1, 3));
}

/// Any bits: also NaNs come back as they were.
RC_GTEST_PROP(TensorFilesAlways, GiveBackTheSameBits, ()) {
  struct Tensor {
    std::string name;
    std::vector<std::int64_t> shape;
    std::vector<float> values;
  };
  const auto names = *rc::gen::unique<std::vector<std::string>>(
      rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange(' ', '~'))));
  std::vector<Tensor> tensors;
  std::vector<NamedArrayView> views;
  for (const std::string& name : names) {
    Tensor tensor{name,
                  *rc::gen::container<std::vector<std::int64_t>>(*rc::gen::inRange(0, 4),
                                                                 rc::gen::inRange(0, 4)),
                  {}};
    std::size_t count = 1;
    for (const std::int64_t size : tensor.shape) count *= static_cast<std::size_t>(size);
    const auto bits =
        *rc::gen::container<std::vector<std::uint32_t>>(count, rc::gen::arbitrary<std::uint32_t>());
    tensor.values.resize(count);
    if (count > 0) std::memcpy(tensor.values.data(), bits.data(), count * 4);
    tensors.push_back(std::move(tensor));
  }
  for (const Tensor& tensor : tensors)
    views.push_back({tensor.name, tensor.shape, std::as_bytes(std::span(tensor.values))});
  const auto same = [&](const Arrays& arrays) {
    const auto read = ByName(arrays);
    RC_ASSERT(read.size() == tensors.size());
    for (const Tensor& tensor : tensors) {
      const NamedArray& array = read.at(tensor.name);
      RC_ASSERT(array.shape == tensor.shape && array.values.size() == tensor.values.size());
      RC_ASSERT(std::equal(array.values.begin(), array.values.end(), tensor.values.begin(),
                           [](float a, float b) { return std::memcmp(&a, &b, 4) == 0; }));
    }
  };
  std::stringstream safetensors, npz, pt;
  WriteSafetensors(safetensors, views);
  same(ParseSafetensors(safetensors.str()));
  WriteNpzTensors(npz, views);
  same(ParseNpzTensors(npz.str()));
  WritePt(pt, views);
  if (!views.empty()) same(ParsePt(pt.str()));
}

}  // namespace
}  // namespace delstep
