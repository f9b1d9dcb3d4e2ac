// SPDX-License-Identifier: Apache-2.0
// Texts written by a T5 of t5-small's shape, or by the model of a directory: new tokens a second, and what a token
// costs behind many others. generation_t5.py measures the same beside CTranslate2.
//   benchmark_generation_t5 [--device cpu] [--model DIR] [--setting write] [--rows 16] [--tokens 32] [--beams 1]
//                           [--new 64] [--repeat 5] [--sources FILE] [--output FILE]
// Settings: write (rows sources of so many tokens, or those of a file, a line of ids each; every row gets the same
// number of new tokens), length (a step of greedy rows behind 1,000 tokens beside one behind 100).
#include <fmt/ranges.h>

#include <cstdint>
#include <ctime>
#include <exception>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "models/generation/generate.h"
#include "models/hub/pretrained.h"
#include "models/packed_text.h"
#include "models/t5/decoder.h"
#include "models/t5/t5.h"
#include "tensor/backend.h"
#include "tensor/check.h"
#include "tests/benchmarks/measure.h"

using namespace thaw;

namespace {

using T5 = T5ForConditionalGeneration;
using Texts = std::vector<std::vector<int32_t>>;

// A model of random weights, or one that is read.
struct Model {
  std::unique_ptr<ParameterStore> store;
  std::unique_ptr<T5> made;
  std::unique_ptr<Pretrained<T5>> read;
  const T5& operator*() const { return read ? read->model() : *made; }

  Model(const std::string& directory, Device device) {
    if (!directory.empty()) {
      read = std::make_unique<Pretrained<T5>>(directory, device);
    } else {
      store = std::make_unique<ParameterStore>(device, DType::f32, 1);
      made = std::make_unique<T5>(Scope(*store), T5Config());  // t5-small's sizes
    }
  }
};

Texts drawn_sources(int64_t count, int64_t length) {
  Texts texts(static_cast<size_t>(count));
  for (size_t b = 0; b < texts.size(); ++b)
    for (int64_t i = 0; i < length; ++i)
      texts[b].push_back(static_cast<int32_t>(random_words({5, b}, static_cast<uint64_t>(i))[0] % 32000 + 100));
  return texts;
}

Texts read_sources(const std::string& path) {
  std::ifstream file(path);
  check(file.is_open(), "{}: cannot be read", path);
  Texts texts;
  for (std::string line; std::getline(file, line);) {
    std::istringstream ids(line);
    texts.emplace_back();
    for (int32_t id = 0; ids >> id;) texts.back().push_back(id);
  }
  return texts;
}

PackedText packed(const Texts& texts, Device device) {
  std::vector<Encoding> encodings;
  for (const std::vector<int32_t>& ids : texts) encodings.emplace_back().ids = ids;
  return PackedText::from_encodings(pointers_to(encodings), device);
}

void write_rows(const std::string& path, const std::vector<std::vector<Hypothesis>>& rows) {
  std::ofstream file(path);
  for (const std::vector<Hypothesis>& row : rows) file << fmt::format("{}\n", fmt::join(row.at(0).ids, " "));
  check(file.good(), "{}: cannot be written", path);
}

// Of all threads: what a machine that is busy with other work does not blur.
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// No token ends a row: all have `longest` new ones.
void write(const T5& model, const Texts& sources, int64_t beams, int64_t longest, int repeat, Device device,
           const std::string& output) {
  GenerationOptions options;
  options.num_beams = beams;
  options.max_new_tokens = longest;
  const GenerationRequest request{Texts(sources.size(), {0})};
  std::vector<std::vector<Hypothesis>> rows;
  const auto once = [&] {
    T5Decoder decoder(model, packed(sources, device));
    rows = generate(decoder, request, options);
  };
  once();
  bench::Timings timings;
  const double before = processor_seconds();
  for (int i = 0; i < repeat; ++i) timings.run(once);
  const double processor = (processor_seconds() - before) / repeat;
  const bench::Times times = timings.times();
  const auto tokens = static_cast<double>(longest) * static_cast<double>(sources.size());
  fmt::print(
      "T5 writes, {}, {} rows, {} beams, {} new tokens: {:.1f} tokens/s at best, {:.1f} in the middle, {:.1f} a second "
      "of processor time\n",
      device.name(), sources.size(), beams, longest, tokens / times.least, tokens / times.middle, tokens / processor);
  if (!output.empty()) write_rows(output, rows);
}

// Greedy rows that grow, whatever the likeliest token is.
class Rows {
 public:
  Rows(const T5& model, int64_t count, int64_t tokens, Device device)
      : decoder_(model, packed(drawn_sources(count, tokens), device)), device_(device) {
    for (int64_t r = 0; r < count; ++r) parents_.push_back(static_cast<int32_t>(r));
    decoder_.start(Texts(static_cast<size_t>(count), {0}));
  }
  void step() {
    decoder_.step(parents_, std::vector<int32_t>(parents_.size(), static_cast<int32_t>(100 + length_++ % 1000)));
    device_.backend().synchronize();
  }
  void grow(int64_t length) {
    while (length_ < length) step();
  }

 private:
  T5Decoder decoder_;
  Device device_;
  std::vector<int32_t> parents_;
  int64_t length_ = 1;
};

// Steps at both lengths turn by turn, so that what else the machine does meets both.
void lengths(const T5& model, int64_t rows, int64_t tokens, int repeat, Device device) {
  constexpr int64_t first = 100, last = 1000, steps = 20;
  bench::Timings at_first, at_last;
  for (int i = 0; i < repeat; ++i) {
    Rows few(model, rows, tokens, device), many(model, rows, tokens, device);
    few.grow(first);
    many.grow(last);
    for (int64_t step = 0; step < steps; ++step) {
      at_first.run([&] { few.step(); });
      at_last.run([&] { many.step(); });
    }
  }
  const bench::Times a = at_first.times(), b = at_last.times();
  fmt::print(
      "T5 steps, {}, {} rows: behind {} tokens min {:.2f} ms, median {:.2f} ms; behind {} min {:.2f} ms, median "
      "{:.2f} ms; ratio of min {:.2f}, of medians {:.2f}\n",
      device.name(), rows, first, 1e3 * a.least, 1e3 * a.middle, last, 1e3 * b.least, 1e3 * b.middle, b.least / a.least,
      b.middle / a.middle);
}

}  // namespace

int main(int argc, char** argv) try {
  const auto option = [&](const char* name, const char* otherwise) {
    return bench::option(argc, argv, name, otherwise);
  };
  const std::string name = option("device", ""), setting = option("setting", "write"), file = option("sources", "");
  check(setting == "write" || setting == "length", "--setting '{}': write or length was expected", setting);
  const Device device = name.empty() ? Device::from_environment() : Device::open(name);
  const int64_t rows = std::stoi(option("rows", "16")), tokens = std::stoi(option("tokens", "32"));
  const int repeat = std::stoi(option("repeat", "5"));
  const Model model(option("model", ""), device);
  if (setting == "length") {
    lengths(*model, rows, tokens, repeat, device);
  } else {
    write(*model, file.empty() ? drawn_sources(rows, tokens) : read_sources(file), std::stoi(option("beams", "1")),
          std::stoi(option("new", "64")), repeat, device, option("output", ""));
  }
} catch (const std::exception& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 1;
}
