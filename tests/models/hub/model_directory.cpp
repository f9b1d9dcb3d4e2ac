// SPDX-License-Identifier: Apache-2.0
// Paths that hold something else than a model: each is told in one line that says what it is.
#include "models/hub/model_directory.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "models/bert/classification.h"
#include "models/hub/shards.h"
#include "models/tasks/classification/text_classifier.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

namespace thaw {

namespace {

using Files = std::vector<std::pair<std::string, std::string>>;

const std::string pointer =
    "version https://git-lfs.github.com/spec/v1\noid sha256:53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab1"
    "\nsize 90868376\n";
const std::string page = "\n<!DOCTYPE HTML>\n<html><head><title>404</title></head></html>\n";

struct Place {
  Files files;  // a name that ends in "/" is a directory
  std::string path, error;
};

// `path` is within the folder.
const Place places[] = {
    {{}, "none", "none: no such directory"},
    {{{"model/", ""}}, "model", "is empty; expected are config.json, model.safetensors and a tokenizer"},
    {{{"m/config.json", "{}"}}, "m/config.json", "m/config.json: is a file; expected is the directory that it lies in"},
    {{{"m/model.safetensors", "x"}}, "m/model.safetensors", "model.safetensors: is a file; expected is the directory"},
    {{{"m/notes.txt", "x"}, {"m/vocab.txt", "x"}}, "m", "m: has no config.json; it has notes.txt, vocab.txt"},
    // adapters
    {{{"m/adapter_config.json", R"({"base_model_name_or_path": "owner/base"})"}},
     "m",
     R"(is an adapter (adapter_config.json) of another model ("owner/base"), without a config.json of its own)"},
    {{{"m/adapter_config.json", "{"}, {"m/config.json", "{}"}}, "m", "neither tokenizer.json nor vocab.txt"},
    {{{"m/adapter_config.json", "{"}}, "m", "m/adapter_config.json: "},
    // runs
    {{{"m/checkpoint-9/config.json", "{}"}, {"m/checkpoint-10/config.json", "{}"}, {"m/checkpoint-11/x", ""}},
     "m",
     "is an unfinished run, without a model of its own yet: see its checkpoint-10"},
    {{{"m/config.json", "{}"}, {"m/checkpoint-2/config.json", "{}"}}, "m", "an unfinished run"},
    {{{"m/log.jsonl", ""}}, "m", "is an unfinished run, without a model or a checkpoint yet"},
    // other layouts
    {{{"m/snapshots/0123abc/config.json", "{}"}}, "m", "m/snapshots/0123abc has: is that the model?"},
    {{{"m/0_Transformer/config.json", "{}"}}, "m", "m/0_Transformer has: is that the model?"},
    {{{"m/bert_config.json", "{}"}, {"m/bert_model.ckpt.index", ""}}, "m", "has bert_config.json, as TensorFlow's"},
    // other formats
    {{{"m/config.json", "{}"}}, "m", "has neither model.safetensors nor model.safetensors.index.json"},
    {{{"m/config.json", "{}"}, {"m/pytorch_model.bin", "x"}},
     "m",
     "has pytorch_model.bin (a pickle, which is not read)"},
    {{{"m/config.json", "{}"}, {"m/pytorch_model-00001-of-00002.bin", "x"}}, "m", "(a pickle, which is not read)"},
    {{{"m/config.json", "{}"}, {"m/tf_model.h5", "x"}}, "m", R"(has "tf_model.h5" (TensorFlow), which is not read)"},
    {{{"m/config.json", "{}"}, {"m/flax_model.msgpack", "x"}}, "m", R"(has "flax_model.msgpack" (Flax))"},
    {{{"m/config.json", "{}"}, {"m/model.onnx", "x"}}, "m", R"(has "model.onnx" (ONNX))"},
    {{{"m/model-q4.gguf", "x"}}, "m", R"(has no config.json; it has "model-q4.gguf" (GGUF))"},
    {{{"m/config.json", "{}"}, {"m/weights.safetensors", "x"}},
     "m",
     R"(has "weights.safetensors", but weights are looked)"},
    {{{"m/config.json", "{}"}, {"m/model-00001-of-00002.safetensors", "x"}}, "m", "a shard, but not the index"},
    // files that are something else
    {{{"m/config.json", pointer}}, "m", "m/config.json: is a Git LFS pointer, not the file itself (of 90868376 bytes)"},
    {{{"m/config.json", page}}, "m", "m/config.json: is a web page (HTML)"},
    {{{"m/config.json", "{}"}, {"m/model.safetensors", pointer}}, "m", "m/model.safetensors: is a Git LFS pointer"},
    {{{"m/config.json", "{}"}, {"m/model.safetensors", page}}, "m", "m/model.safetensors: is a web page (HTML)"},
    {{{"m/config.json", "{}"}, {"m/model.safetensors", "Entry not found"}}, "m", R"(is a text: "Entry not found")"},
    {{{"m/config.json", "{}"}, {"m/model.safetensors", "PK\x03\x04..."}}, "m", "is a PyTorch file (a pickle"},
    {{{"m/config.json", "{}"}, {"m/model.safetensors.index.json", page}}, "m", "index.json: is a web page"},
    {{{"m/config.json", "{}"}, {"m/model.safetensors", ""}, {"m/tokenizer.json", pointer}},
     "m",
     "tokenizer.json: is a Git"},
    {{{"m/config.json", "{}"}, {"m/model.safetensors", ""}, {"m/vocab.txt", pointer}}, "m", "vocab.txt: is a Git LFS"},
};

}  // namespace

TEST_CASE("model directories: what is none is told in one line") {
  for (const Place& place : places) {
    const ScratchFolder folder;
    for (const auto& [name, content] : place.files) {
      if (name.ends_with('/')) {
        std::filesystem::create_directories(folder / name);
      } else {
        folder.write(name, content);
      }
    }
    CAPTURE(place.error);
    std::string error = "no error";
    try {
      const TextClassifier classifier(folder / place.path);
    } catch (const std::runtime_error& e) {
      error = e.what();
    }
    CAPTURE(error);
    CHECK(error.starts_with(folder / place.path));
    CHECK(error.find(place.error) != std::string::npos);
    CHECK(error.find('\n') == std::string::npos);
  }
}

TEST_CASE("model directories: links that lead nowhere are named") {
  const ScratchFolder folder;
  std::filesystem::create_symlink("../blobs/0123", folder / "config.json");
  CHECK_THROWS_WITH(check_has_config(folder.path()), doctest::Contains("config.json: is a link to ../blobs/0123"));
  std::filesystem::remove(folder / "config.json");
  folder.write("config.json", "{}");
  std::filesystem::create_symlink("../blobs/4567", folder / "model.safetensors");
  CHECK_THROWS_WITH(ModelWeights(folder.path()), doctest::Contains("model.safetensors: is a link to ../blobs/4567"));
}

TEST_CASE("model directories: a file of the tokenizer that cannot be reached is not taken for one that is not there") {
  for (const std::string name :
       {"vocab.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"}) {
    const ScratchFolder folder;
    const std::string directory = folder / "model", path = directory + "/" + name;
    write_small_model<BertForSequenceClassification>(directory, small_bert_config());
    std::filesystem::remove(path);
    std::filesystem::create_symlink("../blobs/89ab", path);
    CHECK_THROWS_WITH(TextClassifier{directory},
                      doctest::Contains((name + ": is a link to ../blobs/89ab, which is not there").c_str()));
    CHECK_THROWS_WITH(load_tokenizer(directory),
                      doctest::Contains((name + ": is a link to ../blobs/89ab, which is not there").c_str()));
    std::filesystem::remove(path);
    std::filesystem::create_symlink(name, path);
    CHECK_THROWS_WITH(load_tokenizer(directory), doctest::Contains("which cannot be reached: "));
  }
  const ScratchFolder folder;  // an index does not stand in for weights that cannot be reached
  folder.write("config.json", "{}");
  folder.write("model.safetensors.index.json", "{}");
  std::filesystem::create_symlink("../blobs/cdef", folder / "model.safetensors");
  CHECK_THROWS_WITH(ModelWeights(folder.path()), doctest::Contains("model.safetensors: is a link to ../blobs/cdef"));
}

TEST_CASE("model directories: what lies beside a model does not matter, but an adapter is noted") {
  const ScratchFolder folder;
  const std::string directory = folder / "model";
  write_small_model<BertForSequenceClassification>(directory, small_bert_config());
  folder.write("model/checkpoint-1/config.json", "{}");
  folder.write("model/pytorch_model.bin", "x");
  CHECK(TextClassifier(directory).report().notes.empty());
  folder.write("model/adapter_config.json", "{}");
  REQUIRE(TextClassifier(directory).report().notes.size() == 1);
  CHECK(TextClassifier(directory).report().notes[0].find("(adapter_config.json) is not applied") != std::string::npos);
}

}  // namespace thaw
