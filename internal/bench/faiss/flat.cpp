// Times a search of one probe for its ten best in FAISS's exact index
// (IndexFlatIP, inner product) over random unit-length vectors of 512 floats:
// what limen's own exact search is compared with. See README.md.
#include <faiss/IndexFlat.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

static const int features = 512, hits = 10, rounds = 9;
static const long block = 5000;

static void fill(faiss::IndexFlatIP &index, long n) {
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    std::vector<float> rows(block * features);
    for (long done = 0; done < n;) {
        long count = std::min(block, n - done);
        for (long r = 0; r < count; r++) {
            float *row = &rows[r * features];
            double sum = 0;
            for (int i = 0; i < features; i++) {
                row[i] = normal(random);
                sum += row[i] * row[i];
            }
            for (int i = 0; i < features; i++) row[i] /= std::sqrt(sum);
        }
        index.add(count, rows.data());
        done += count;
    }
}

int main(int argc, char **argv) {
    for (int a = 1; a < argc; a++) {
        long n = std::atol(argv[a]);
        faiss::IndexFlatIP index(features);
        fill(index, n);
        std::vector<float> probe(features);
        index.reconstruct(n / 2, probe.data());
        float scores[hits];
        decltype(index.ntotal) rows[hits];
        long repeats = std::max(1L, 200000 / n);
        std::vector<double> times;
        for (int r = 0; r < rounds; r++) {
            auto start = std::chrono::steady_clock::now();
            for (long i = 0; i < repeats; i++) index.search(1, probe.data(), hits, scores, rows);
            std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
            times.push_back(took.count() / repeats / n);
        }
        if (rows[0] != n / 2) return 1;
        std::sort(times.begin(), times.end());
        std::printf("faiss IndexFlatIP, %ld references: %.1f ns/reference (quartiles %.1f to %.1f)\n", n,
                    times[rounds / 2], times[rounds / 4], times[rounds * 3 / 4]);
    }
}
