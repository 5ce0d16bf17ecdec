"""All the datasets of this floor, in the order of their page."""

from typing import Final

from steering.open_data import equipment, flows, references
from steering.open_data.dataset import Dataset

DATASETS: Final = {
    one.slug: one for one in (*equipment.DATASETS, *flows.DATASETS, *references.DATASETS)
}


def dataset(slug: str) -> Dataset:
    return DATASETS[slug]
