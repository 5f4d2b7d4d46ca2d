"""What boto3.ts runs: the store through Debian's boto3, its checks on."""

import os
import sys
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary
from botocore.exceptions import ClientError

made = boto3.resource("dynamodb", endpoint_url=sys.argv[1])
client = made.meta.client


def refused(name, words, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == name, error.response
        assert words in error.response["Error"]["Message"], error.response
        assert isinstance(error, getattr(client.exceptions, name, ClientError))
        return error.response
    raise AssertionError(f"{name} was not raised")


table = made.create_table(
    TableName="snakes",
    AttributeDefinitions=[
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "sk", "AttributeType": "N"},
    ],
    KeySchema=[
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ],
    BillingMode="PAY_PER_REQUEST",
)
table.wait_until_exists()
table.reload()
assert table.creation_date_time.year >= 2024
assert table.item_count == 0

item = {
    "pk": "a",
    "sk": Decimal("1"),
    "n": Decimal("12345678901234567890.123456789"),
    "b": Binary(bytes(range(256))),
    "names": {"x", "y"},
    "numbers": {Decimal(1), Decimal("2.5")},
    "deep": {"list": [None, True, {"text": "gr\u00fcn \U0001f3b2"}]},
}
table.put_item(Item=item)
assert table.get_item(Key={"pk": "a", "sk": 1})["Item"] == item
assert "Item" not in table.get_item(Key={"pk": "nobody", "sk": 1})

# signed without the body's hash in a header, and longer than a stranger's may be
large = {"pk": "large", "sk": 1, "b": Binary(os.urandom(390_000))}
table.put_item(Item=large)
got = table.get_item(Key={"pk": "large", "sk": 1})
assert got["Item"] == large
assert "x-amz-crc32" in got["ResponseMetadata"]["HTTPHeaders"]
assert got["ResponseMetadata"]["RequestId"]

with table.batch_writer() as batch:
    for sk in range(60):
        batch.put_item(Item={"pk": "many", "sk": sk, "n": sk})
page = table.query(
    KeyConditionExpression=Key("pk").eq("many") & Key("sk").between(10, 29),
    FilterExpression=Attr("n").gt(19),
    ScanIndexForward=False,
)
assert [int(i["sk"]) for i in page["Items"]] == list(range(29, 19, -1))
assert page["ScannedCount"] == 20
pages = client.get_paginator("scan").paginate(
    TableName="snakes", PaginationConfig={"PageSize": 9}
)
assert sum(page["Count"] for page in pages) == 62

refused(
    "ConditionalCheckFailedException",
    "The conditional request failed",
    table.put_item,
    Item=item,
    ConditionExpression=Attr("pk").not_exists(),
)
refused(
    "ResourceNotFoundException",
    "Requested resource not found",
    made.Table("nowhere").get_item,
    Key={"pk": "a", "sk": 1},
)
refused(
    "ValidationException",
    "1 validation error detected",
    client.list_tables,
    Limit=101,
)
cancelled = refused(
    "TransactionCanceledException",
    "[None, ConditionalCheckFailed]",
    client.transact_write_items,
    TransactItems=[
        {"Put": {"TableName": "snakes", "Item": {"pk": "free", "sk": 1}}},
        {
            "Put": {
                "TableName": "snakes",
                "Item": item,
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        },
    ],
)
assert [r["Code"] for r in cancelled["CancellationReasons"]] == [
    "None",
    "ConditionalCheckFailed",
]
wrong = boto3.client(
    "dynamodb",
    endpoint_url=sys.argv[1],
    aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"],
    aws_secret_access_key="wrong",
)
refused("InvalidSignatureException", "does not match", wrong.list_tables)
table.delete()
table.wait_until_not_exists()
