#include "weights/weights_test_files.h"

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::string_view_literals;

/// A file of torch.save with this pickle and the numbers 1, 2, 3, 4 in data/0.
std::string File(std::string_view pickle) {
  std::stringstream out;
  ZipWriter zip(out);
  const std::vector<float> numbers = {1, 2, 3, 4};
  zip.Add("x/data.pkl", std::as_bytes(std::span(pickle)));
  zip.Add("x/data/0", std::as_bytes(std::span(numbers)));
  zip.Finish();
  return out.str();
}
std::string FailsToRead(std::string_view pickle) { return ErrorOf(ParsePt(File(pickle))); }

/// {"w": a view of data/0}; offset, shape and strides as opcodes.
std::string View(const std::string& view, const std::string& count = "K\4",
                 const std::string& key = "0") {
  using namespace std::string_literals;
  return "\x80\2}X\1\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storage"
         "ctorch\nFloatStorage\nX\1\0\0\0"s +
         key + "X\3\0\0\0cpu"s + count + "tQ" + view + "\x89}tRs.";
}

TEST(Pt, ReadsWhatPyTorchWrote) {
  for (const char* name : {"dict.pt", "protocol4.pt", "parameters.pt"}) {
    const auto read = ByName(ParsePt(Sample(name)));
    ASSERT_EQ(read.size(), 2u) << name;
    EXPECT_THAT(read.at("w").shape, ElementsAre(2, 3)) << name;
    EXPECT_THAT(read.at("w").values, ElementsAre(0, 0.5, 1, 1.5, 2, 2.5)) << name;
    EXPECT_THAT(read.at("b").values, ElementsAre(-1, 3)) << name;
    EXPECT_EQ(read.at("b").dtype, "torch.FloatStorage");
  }
}

TEST(Pt, ReadsAStateDict) {
  const auto read = ByName(ParsePt(Sample("state_dict.pt")));
  ASSERT_EQ(read.size(), 7u);
  EXPECT_THAT(read.at("0.weight").values, ElementsAre(0, 0.5, 1, 1.5, 2, 2.5));
  EXPECT_THAT(read.at("0.bias").values, ElementsAre(-1, 3));
  EXPECT_THAT(read.at("1.running_var").values, ElementsAre(1, 1));
  EXPECT_THAT(read.at("1.num_batches_tracked").values, ElementsAre(0));
  EXPECT_THAT(read.at("1.num_batches_tracked").shape, IsEmpty());
}

TEST(Pt, FindsTheStateDictInACheckpoint) {
  const auto read = ByName(ParsePt(Sample("checkpoint.pt")));
  ASSERT_EQ(read.size(), 1u);
  EXPECT_THAT(read.at("w").values, ElementsAre(0, 0.5, 1, 1.5, 2, 2.5));
}

/// A dictionary with one key; `value` in opcodes.
std::string Dict(const std::string& key, const std::string& value) {
  return std::string("}X") + static_cast<char>(key.size()) + std::string(3, '\0') + key + value +
         "s";
}
/// The opcodes of {"w": four numbers}.
std::string Weights() {
  const std::string whole = View(std::string("K\0K\4\x85K\1\x85", 8));
  return whole.substr(2, whole.size() - 3);
}

TEST(Pt, FindsTheOnlyDictionaryOfTensorsUnderAnyKey) {
  const auto read = [](const std::string& value) { return ParsePt(File("\x80\2" + value + ".")); };
  for (const std::string& value : {Weights(), Dict("net", Weights()), Dict("weights", Weights()),
                                   Dict("checkpoint", Dict("net", Weights()))}) {
    const auto arrays = ByName(read(value));
    ASSERT_EQ(arrays.size(), 1u);
    EXPECT_THAT(arrays.at("w").values, ElementsAre(1, 2, 3, 4));
  }
  // Beside the optimizer's state, which has tensors too.
  const std::string optimizer = std::string("X\5\0\0\0optim", 10) + Weights();
  EXPECT_EQ(ByName(read(Dict("net", Weights()).substr(0) + optimizer + "s")).size(), 1u);
  const auto with = [](const std::string& dict, const std::string& key, const std::string& value) {
    return dict + Dict(key, value).substr(1);
  };
  // A tensor beside it, as torch.get_rng_state() is, was taken for all of the model.
  const std::string tensor = Weights().substr(7, Weights().size() - 8);
  for (const std::string key : {"net", "model"}) {
    EXPECT_EQ(ByName(read(with(Dict("rng", tensor), key, Weights()))).count("w"), 1u);
    EXPECT_EQ(ByName(read(with(Dict(key, Weights()), "rng", tensor))).count("w"), 1u);
  }
  EXPECT_EQ(ByName(read(with(Dict("model", Weights()), "ema", Weights()))).size(), 1u);
  EXPECT_THAT(ErrorOf(read(with(Dict("state_dict", Weights()), "model", Weights()))),
              HasSubstr("found 2 dictionaries of tensors, 'state_dict', 'model'"));
  EXPECT_EQ(ByName(read(Dict("optimal_model", Weights()))).size(), 1u);
  // What a module of the model keeps for itself is not another model.
  const std::string with_extra = with(Weights(), "extra", Weights());
  EXPECT_EQ(ByName(read(with(Dict("model", with_extra), "ema", Weights()))).size(), 1u);
  for (const std::string key :
       {"optim_g", "optimG", "modelOptimizer", "lr_sched", "optimal_scheds"})
    EXPECT_THAT(ErrorOf(read(Dict(key, Weights()))), HasSubstr("found '" + key + "'"));
  const std::string second = std::string("X\1\0\0\0d", 6) + Weights();
  const std::string error = ErrorOf(read(Dict("g", Weights()) + second + "s"));
  EXPECT_THAT(error, HasSubstr("found 2 dictionaries of tensors, 'g', 'd'"));
  EXPECT_THAT(error, HasSubstr("torch.load(FILE)['g']"));
  EXPECT_THAT(ErrorOf(read(Dict("a", Dict("b", Dict("c", Weights()))))), HasSubstr("found 'a'"));
}

TEST(Pt, FollowsViewsOfASharedStorage) {
  const auto read = ByName(ParsePt(Sample("views.pt")));
  ASSERT_EQ(read.size(), 5u);
  EXPECT_THAT(read.at("transposed").shape, ElementsAre(3, 2));
  EXPECT_THAT(read.at("transposed").values, ElementsAre(0, 1.5, 0.5, 2, 1, 2.5));
  EXPECT_THAT(read.at("row").values, ElementsAre(1.5, 2, 2.5));
  EXPECT_THAT(read.at("column").values, ElementsAre(0.5, 2));
  EXPECT_THAT(read.at("repeated").values, ElementsAre(-1, -1, 3, 3));
}

TEST(Pt, ConvertsOtherNumbers) {
  const auto read = ByName(ParsePt(Sample("types.pt")));
  ASSERT_EQ(read.size(), 8u);
  for (const char* name : {"f16", "bf16", "f64"})
    EXPECT_THAT(read.at(name).values, ElementsAre(0, 0.5, 1, 1.5, 2, 2.5)) << name;
  EXPECT_THAT(read.at("i64").values, ElementsAre(-5));
  EXPECT_THAT(read.at("i32").values, ElementsAre(7));
  EXPECT_THAT(read.at("u8").values, ElementsAre(255));
  EXPECT_THAT(read.at("bool").values, ElementsAre(1, 0));
  EXPECT_THAT(read.at("empty").shape, ElementsAre(0, 3));
}

TEST(Pt, RunsNothing) {
  EXPECT_THAT(FailsToRead("\x80\x02"
                          "cos\nsystem\n(X\4\0\0\0exittR."sv),
              HasSubstr("byte 2: it asks for os.system, which is not read"));
  EXPECT_THAT(FailsToRead("\x80\x04\x8c\x08"
                          "builtins\x8c\x04"
                          "eval\x93."),
              HasSubstr("asks for builtins.eval"));
  const std::string module = ErrorOf(ParsePt(Sample("module.pt")));
  EXPECT_THAT(module, HasSubstr("asks for __main__.Module"));
  EXPECT_THAT(module, HasSubstr("it is a whole model, not its weights"));
  EXPECT_THAT(module, HasSubstr(".state_dict()"));
  EXPECT_THAT(ErrorOf(ParsePt(Sample("complex.pt"))),
              HasSubstr("asks for torch.ComplexFloatStorage"));
  // i: INST, o: OBJ, \x81: NEWOBJ, \x82: EXT1, P: PERSID.
  for (const char opcode : {'i', 'o', '\x81', '\x82', 'P'})
    EXPECT_THAT(FailsToRead(std::string("\x80\x02}") + opcode + "os\nsystem\n."),
                HasSubstr("which no file of tensors has"));
}

TEST(Pt, SaysWhatOtherFilesAre) {
  EXPECT_THAT(ErrorOf(ParsePt(Sample("script.pt"))), HasSubstr("model.name=torchscript"));
  EXPECT_THAT(ErrorOf(ParsePt(Sample("plain.npz"))), HasSubstr("none of torch.save()"));
  EXPECT_THAT(FailsToRead("\x80\x02}X\4\0\0\0lossK\1s."sv), HasSubstr("found 'loss'"));
  EXPECT_THAT(FailsToRead("\x80\x02K\1."), HasSubstr("found no dictionary"));
}

TEST(Pt, KeepsViewsInsideTheirStorage) {
  const auto read = ByName(ParsePt(File(View("K\1K\3\x85K\1\x85"))));
  EXPECT_THAT(read.at("w").values, ElementsAre(2, 3, 4));
  EXPECT_THAT(FailsToRead(View("K\2K\3\x85K\1\x85")), HasSubstr("outside of its storage"));
  EXPECT_THAT(FailsToRead(View("K\4)"
                               ")")),
              HasSubstr("outside of its storage"));
  EXPECT_THAT(FailsToRead(View("K\1K\3K\2\x86K\2K\1\x86")), HasSubstr("outside of its storage"));
  EXPECT_THAT(FailsToRead(View("K\1K\3\x85K\1K\1\x86")), HasSubstr("cannot be read"));
  EXPECT_THAT(FailsToRead(View("K\1J\xff\xff\xff\xff\x85K\1\x85")), HasSubstr("cannot be read"));
  EXPECT_THAT(FailsToRead(View(std::string("K\0J\xff\xff\xff\x7f\x85K\0\x85", 11))),
              HasSubstr("repeats what the file holds"));
  EXPECT_THAT(FailsToRead(View("K\1K\3\x85K\1\x85", "K\5")),
              HasSubstr("has 16 bytes in data/0, and 5 numbers are announced"));
  EXPECT_THAT(FailsToRead(View("K\1K\3\x85K\1\x85", "K\4", "1")),
              HasSubstr("data/1, which is not there"));
}

TEST(Pt, SurvivesBadPickles) {
  using namespace std::string_literals;
  for (const std::string& pickle : {""s,
                                    "."s,
                                    "\x80\x02"s,
                                    "\x80\x02."s,
                                    "\x80\x63."s,
                                    "\x80\x02u."s,
                                    "\x80\x02}u."s,
                                    "\x80\x02}(K\1u."s,
                                    "\x80\x02h\5."s,
                                    "\x80\x02q\1."s,
                                    "\x80\x02NR."s,
                                    "\x80\x02NNR."s,
                                    "\x80\x02Nb."s,
                                    "\x80\x02NQ."s,
                                    "\x80\x02)Q."s,
                                    "\x80\x02X\xff\xff\xff\x7fx."s,
                                    "\x80\x02\x8a\x09xxxxxxxxx."s,
                                    "\x80\x02(."s,
                                    "\x80\x02K\1K\2s."s,
                                    "\x80\x02}q\0h\0h\0s."s,
                                    "\x80\x02"
                                    "ctorch"s})
    EXPECT_NE(FailsToRead(pickle), "");
  EXPECT_THAT(FailsToRead("\x80\x02" + std::string(1100000, 'N')),
              HasSubstr("more than a million values"));
  EXPECT_THAT(FailsToRead("\x80\x02" + std::string(300000, '(')), HasSubstr("ends early"));
}

TEST(Pt, FailsOnEveryTruncation) {
  for (const char* name : {"dict.pt", "state_dict.pt"}) {
    const std::string whole = Sample(name);
    for (std::size_t size = 0; size < whole.size(); ++size)
      EXPECT_NE(ErrorOf(ParsePt(whole.substr(0, size))), "") << name << ' ' << size;
  }
}

TEST(Pt, FailsOnEveryTruncationOfThePickle) {
  const std::string pickle = View("K\1K\3\x85K\1\x85");
  for (std::size_t size = 0; size < pickle.size(); ++size)
    EXPECT_NE(FailsToRead(pickle.substr(0, size)), "") << size;
}

}  // namespace
}  // namespace delstep
