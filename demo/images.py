"""Images: the digits that a model takes for others, and one picture that becomes clearer from step to step."""

import mlflow
from data_files import columns, part
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestCentroid

mlflow.set_experiment("digits-network")

train, test = part("digits", "train"), part("digits", "test")
features, target = columns(train)
unseen, truth = columns(test)


def picture(pixels):
    """8 × 8 values from 0 to 16, as an image large enough to look at."""
    return pixels.reshape(8, 8).clip(0, 16).repeat(16, axis=0).repeat(16, axis=1) / 16


with mlflow.start_run(run_name="what-is-mistaken"):
    mlflow.log_input(train, context="training")
    mlflow.log_input(test, context="test")
    guessed = NearestCentroid().fit(features, target).predict(unseen)
    wrong = (guessed != truth).to_numpy().nonzero()[0]
    mlflow.log_metric("test_accuracy", 1 - len(wrong) / len(truth))
    for row in wrong[:12]:
        name = f"{truth.iloc[row]}-taken-for-{guessed[row]}-{row}.png"
        mlflow.log_image(picture(unseen.iloc[row].to_numpy()), artifact_file=f"mistakes/{name}")
    for parts in [1, 2, 4, 8, 16, 32]:
        pca = PCA(parts, random_state=0).fit(features)
        one = pca.inverse_transform(pca.transform(unseen[:1]))
        mlflow.log_image(picture(one), key="reconstruction", step=parts, synchronous=True)
